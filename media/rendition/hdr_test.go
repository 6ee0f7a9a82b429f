package rendition

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// needToneMapping finds an ffmpeg that can make HDR ordinary; a test without it is skipped, and fails in CI.
func needToneMapping(t *testing.T) {
	t.Helper()
	if p := needFFmpeg(t); !p.HasFilter("zscale") || !p.HasFilter("tonemap") {
		if os.Getenv("CI") == "true" {
			t.Fatal("ffmpeg has no zscale and tonemap")
		}
		t.Skip("ffmpeg has no zscale and tonemap")
	}
}

// TestToneMapped: a film with the light of HDR, in each of its two kinds, comes out as bt709 in 8 bits, and
// black, grey, white paper of 203 candela a square metre, and a light of 1,000 are still told apart, and about as bright as they should be.
func TestToneMapped(t *testing.T) {
	needToneMapping(t)
	was := made
	made = t.TempDir()
	t.Cleanup(func() { made = was })
	s := studio(t, 1<<30)
	for _, transfer := range []string{"smpte2084", "arib-std-b67"} {
		clip := transfer + ".mkv"
		render("-f", "lavfi", "-i", "color=black:s=256x108:r=10:d=1,format=gbrp,drawbox=x=64:w=64:h=108:c=0x313131:t=fill,drawbox=x=128:w=64:h=108:c=0x6f6f6f:t=fill,"+
			"drawbox=x=192:w=64:h=108:c=white:t=fill,"+
			"format=yuv444p,setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709,zscale=t=linear:npl=1000,format=gbrpf32le,zscale=p=2020,"+
			"zscale=t="+transfer+":npl=1000:m=2020_ncl:r=tv,format=yuv420p10le",
			"-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error:colorprim=bt2020:transfer="+transfer+":colormatrix=bt2020nc",
			"-color_primaries", "bt2020", "-color_trc", transfer, "-colorspace", "bt2020nc", filepath.Join(made, clip))
		piece := append(get(t, s, clip, "720/init.mp4"), get(t, s, clip, "720/0.m4s")...)
		if got := entries(t, "stream=codec_name,pix_fmt,color_space,color_transfer,color_primaries", piece)[0]; fmt.Sprint(got) != "[h264 yuv420p bt709 bt709 bt709]" {
			t.Errorf("%s comes as %v", transfer, got)
		}
		path := filepath.Join(t.TempDir(), "x.mp4")
		if err := os.WriteFile(path, piece, 0o600); err != nil {
			t.Fatal(err)
		}
		light, err := exec.Command("ffmpeg", "-nostdin", "-loglevel", "error", "-i", path, "-frames:v", "1", "-vf", "scale=4:1:flags=area,format=gray", "-f", "rawvideo", "-").Output()
		if err != nil || len(light) != 4 || light[0] > 16 || light[1] < 64 || light[1] > 120 || light[2] < 150 || light[2] > 210 || light[3] < light[2]+30 {
			t.Errorf("%s: black, grey, white and light come as %d (%v)", transfer, light, err)
		}
	}
}
