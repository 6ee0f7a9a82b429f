package node

// UsageError is the owner's to mend: a flag, a file, an address. It says how.
type UsageError struct{ Sentence string }

func (e *UsageError) Error() string { return e.Sentence }

// UnreachedError says that a host could not be reached.
type UnreachedError struct {
	Sentence string
	Err      error
}

func (e *UnreachedError) Error() string { return e.Sentence }

// Unwrap gives the cause.
func (e *UnreachedError) Unwrap() error { return e.Err }
