#!/bin/sh
# Makes the films of the test library: library.sh FOLDER [FILM…], all of them unless some are named.
# What is there already is kept. ffmpeg makes all of it; the picture of each frame says when it is shown.
set -eu
dir=$1
shift
mkdir -p "$dir"

long=24     # seconds of a film
rate=25     # frames a second of most

quiet() { SVT_LOG=1 ffmpeg -nostdin -hide_banner -loglevel error -y "$@"; }

# picture WIDTH HEIGHT RATE: the upper quarter is the frame's time in milliseconds, 24 bits in two rows from the
# lowest to the highest, white for one. Below it something moves, where that does not take too long.
picture() {
	code="color=black:s=12x2:r=$3,format=gray,geq=lum='255*mod(floor((T*1000+0.5)/pow(2\\,X+12*Y))\\,2)',scale=$1:$(($2 / 4)):flags=neighbor,format=yuv420p"
	if [ "$3" -lt 10 ]; then
		echo "$code,pad=$1:$2,setsar=1"
	else
		echo "$code[code];testsrc2=s=$1x$(($2 * 3 / 4)):r=$3,format=yuv420p[rest];[code][rest]vstack,setsar=1"
	fi
}

# film NAME OPTION…: picture and sound, encoded as the options say. size, seconds, rate and sound may be set before.
film() {
	to=$1
	shift
	quiet -f lavfi -i "$(picture ${size:-320 192} ${fps:-$rate})" -f lavfi -i "${sound:-sine=440:r=48000}" "$@" -t "${seconds:-$long}" -g "${group:-50}" "$dir/.$to"
	mv "$dir/.$to" "$dir/$to"
}

x264="-c:v libx264 -preset ultrafast -pix_fmt yuv420p"

# subtitles NAME: one line for each second, which says which.
subtitles() {
	i=0
	while [ $i -lt $long ]; do
		printf '%d\n00:00:%02d,100 --> 00:00:%02d,900\n%s %d\n\n' $((i + 1)) $i $i "$2" $i
		i=$((i + 1))
	done >"$dir/$1"
}

make() {
	case $1 in
	plain.mp4) film $1 $x264 -c:a aac -movflags +faststart ;;
	home.mkv) film $1 $x264 -c:a ac3 ;;
	deep.mkv) # two sounds, and three subtitles inside
		subtitles .one.srt one && subtitles .deux.srt deux && subtitles .drei.srt drei
		film $1 -i "$dir/.one.srt" -i "$dir/.deux.srt" -i "$dir/.drei.srt" -map 0:v -map 1:a -map 1:a -map 2 -map 3 -map 4 \
			-c:v libx265 -preset ultrafast -x265-params log-level=error -pix_fmt yuv420p10le -c:a eac3 -c:s:0 srt -c:s:1 ass -c:s:2 srt \
			-metadata:s:a:0 language=eng -metadata:s:a:1 language=fra -metadata:s:s:0 language=eng -metadata:s:s:1 language=fra -metadata:s:s:2 language=deu
		rm "$dir/.one.srt" "$dir/.deux.srt" "$dir/.drei.srt" ;;
	open.webm) film $1 -c:v libvpx-vp9 -deadline realtime -cpu-used 8 -row-mt 1 -b:v 600k -c:a libopus ;;
	old.avi) film $1 -c:v mpeg4 -q:v 4 -c:a libmp3lame ;;
	tv.ts) size="240 192" film $1 -vf setsar=4/3 $x264 -c:a aac ;; # shown 320 wide, as television does
	camera.mov) film $1 $x264 -c:a pcm_s16le ;;
	new.mkv) film $1 -c:v libsvtav1 -preset 12 -crf 40 -c:a libopus ;;
	phone.mp4) # stands upright only by what its header says, as telephones write it
		size="192 320" film upright.mp4 -vf transpose=cclock $x264 -c:a aac
		quiet -i "$dir/upright.mp4" -c copy -metadata:s:v:0 rotate=270 "$dir/.$1"
		rm "$dir/upright.mp4"
		mv "$dir/.$1" "$dir/$1" ;;
	uneven.mkv) film $1 -vf "select='not(mod(n,2))+lt(mod(n,50),20)'" -fps_mode vfr $x264 -c:a ac3 ;;
	long.mkv) size="192 96" fps=2 seconds=14400 group=20 sound=anullsrc=r=8000:cl=mono film $1 -c:v mpeg4 -q:v 4 -c:a flac ;;
	film.mp4) make home.mkv && cp "$dir/home.mkv" "$dir/$1" ;; # Matroska, whatever its name
	text.mkv) echo "This is no film." >"$dir/$1" ;;
	empty.mp4) : >"$dir/$1" ;;
	cut.mp4) # what says where everything is comes last, and is lost
		film whole.mp4 $x264 -c:a aac
		half whole.mp4 $1 ;;
	cut.mkv) # what came before the cut is good
		film whole.mkv $x264 -c:a ac3
		half whole.mkv $1 ;;
	album/*.flac)
		mkdir -p "$dir/album"
		n=${1#album/0}
		quiet -f lavfi -i "sine=$((330 + 110 * ${n%%-*})):r=44100" -t $long -metadata album=Tones -metadata track=${n%%-*} -metadata title="Tone ${n%%-*}" "$dir/$1" ;;
	big.mkv) size="1280 720" fps=24 seconds=240 group=48 film $1 -c:v mpeg4 -q:v 4 -c:a ac3 ;;
	big.mp4) size="1280 720" fps=24 seconds=240 group=48 film $1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -crf 26 -c:a aac -movflags +faststart ;;
	tall.mkv) size="640 512" fps=25 seconds=240 film $1 -c:v mpeg4 -q:v 4 -c:a ac3 ;;
	*) echo "library.sh: no film is called $1" >&2 && exit 2 ;;
	esac
}

half() {
	head -c $(($(wc -c <"$dir/$1") / 2)) "$dir/$1" >"$dir/$2"
	rm "$dir/$1"
}

if [ $# -eq 0 ]; then
	set -- plain.mp4 home.mkv deep.mkv open.webm old.avi tv.ts camera.mov new.mkv phone.mp4 uneven.mkv long.mkv film.mp4 \
		text.mkv empty.mp4 cut.mp4 cut.mkv album/01-tone.flac album/02-tone.flac
fi
for name; do
	[ -e "$dir/$name" ] || make "$name"
	case $name in
	*.srt) ;;
	text.mkv | empty.mp4 | cut.* | album/* | long.mkv) ;;
	*) subtitles "${name%.*}.en.srt" line ;;
	esac
done
