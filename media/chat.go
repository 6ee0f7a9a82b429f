package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"

	"watchparty/media/catalog"
)

// chat opens what was said over a title at an evening.
func (s *Shelf) chat(ctx context.Context, id catalog.TitleID, evening string) (Content, error) {
	if s.Chat == nil {
		return nil, fs.ErrNotExist
	}
	b, err := s.Chat(ctx, id, evening)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b)
	return &memoryContent{bytes.NewReader(b), ContentInfo{Size: int64(len(b)), ETag: fmt.Sprintf(`"%x"`, sum[:12]), ContentType: "application/json"}}, nil
}
