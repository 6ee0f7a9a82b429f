package ffmpeg

import (
	"encoding/json"
	"math"
	"testing"
	"time"
)

// FuzzReport: whatever ffprobe says of a film that was made to do harm, what is taken from it can be computed with.
func FuzzReport(f *testing.F) {
	f.Add([]byte(`{"streams":[{"index":0,"codec_type":"video","codec_name":"h264","width":1280,"height":720,"avg_frame_rate":"24000/1001","sample_aspect_ratio":"1:1","side_data_list":[{"rotation":-90}]}],"format":{"format_name":"mov","duration":"60.0","bit_rate":"800000"}}`))
	f.Add([]byte(`{"streams":[{"width":-1,"height":999999999,"avg_frame_rate":"1e308/1e-308","bits_per_raw_sample":"99999999999","channels":-3,"side_data_list":[{"rotation":1e300}]}],"format":{"duration":"1e300","start_time":"NaN","bit_rate":"-1"}}`))
	f.Add([]byte(`{"streams":[{"avg_frame_rate":"Inf/1","sample_aspect_ratio":"0x1p-1074:1"}],"format":{"format_name":"mp3","duration":"NaN"}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var said report
		if json.Unmarshal(b, &said) != nil {
			return
		}
		info := said.info()
		if info.Duration < 0 || info.Duration > 1000*time.Hour || info.Bitrate < 0 {
			t.Errorf("%v, %d bits", info.Duration, info.Bitrate)
		}
		for _, s := range info.Streams {
			if math.IsInf(s.FPS, 0) || math.IsNaN(s.FPS) || s.FPS < 0 || s.FPS > maxFPS || !(s.Aspect >= 0.1 && s.Aspect <= 10) || s.Rotation%90 != 0 || s.Rotation < 0 || s.Rotation > 270 {
				t.Errorf("%+v", s)
			}
			if s.Width < 0 || s.Height < 0 || s.Width > maxSide || s.Height > maxSide || s.Channels < 0 || s.SampleRate < 0 || s.Channels > maxChannels || s.Bits < 0 || s.Bits > 64 {
				t.Errorf("%+v", s)
			}
		}
	})
}
