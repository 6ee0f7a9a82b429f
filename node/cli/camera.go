package cli

import (
	"github.com/spf13/cobra"

	"watchparty/media/live"
)

// newCamera is the stage for cameras, which a node starts as a program of its own: nobody types it.
func newCamera(s streams) *cobra.Command {
	return &cobra.Command{Use: "camera", Hidden: true, Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return live.Child(s.in, s.out) }}
}
