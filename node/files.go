package node

const (
	plenty    = 1 << 20 // open files, where nobody would count them
	ownFiles  = 48      // that a node has open by itself: store, sockets, the catalog's folder, pipes of ffmpeg, a copy of the database
	maxPages  = 4096    // connections of browsers at once: a full party's, each with a few for its film
	maxNodes  = 384     // connections of nodes, see [wire.Config]
	leastRoom = 8
)

// Guests is how many guests' pages there may be at once on this machine, and how many files it lets one program open.
func Guests() (guests, files int) {
	files = openFiles()
	pages, _ := capacity(files)
	return pages / 2, files
}

// capacity is how many connections of browsers and of nodes there may be at once where so many files may be open. What a node has
// open by itself is left over; one of two connections of a browser holds the file of a film as well.
func capacity(files int) (pages, nodes int) {
	nodes = max(leastRoom, min(maxNodes, files/8))
	return max(leastRoom, min(maxPages, 2*(files-ownFiles-nodes)/3)), nodes
}
