#!/bin/sh
# Makes the demo films from nothing: draw/*.go draws every picture and sample, ffmpeg packs them.
# Needs go, ffmpeg (with libx264, libfreetype, librsvg) and the DejaVu fonts. Takes about ten minutes on two cores.
#
#   ./make.sh        all of them
#   ./make.sh ID…    those named, for instance: ./make.sh aurora small-hours-s01e01
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -o "$work/draw" draw/*.go
mkdir -p films

# What a second of film may weigh, so that five films of a minute stay below 4 MB together.
picture=64k
sound=28k

# The running time and the frame number, exact because they are counted in frames.
clock='%{eif\:n/1440\:d\:1}\:%{eif\:mod(trunc(n/24)\,60)\:d\:2}.%{eif\:mod(n\,24)*1000/24\:d\:3}  %{eif\:n\:d\:4}'
stamp="drawtext=font=DejaVu Sans Mono:fontsize=13:fontcolor=white@0.78:x=w-tw-12:y=11:text='$clock'"

film() { # ID
	"$work/draw" film "$1" |
		ffmpeg -v error -y -f rawvideo -pix_fmt rgb24 -s 640x360 -r 24 -i - \
			-vf "$stamp,scale=out_color_matrix=bt709:out_range=tv" -pix_fmt yuv420p \
			-c:v libx264 -qp 0 -preset ultrafast "$work/film.mkv"
	"$work/draw" sound "$1" >"$work/film.s16"
	h264="-c:v libx264 -profile:v high -preset veryslow -b:v $picture -g 48 -keyint_min 48 -sc_threshold 0 -passlogfile $work/log
		-x264-params aq-mode=3 -color_primaries bt709 -color_trc bt709 -colorspace bt709"
	# The digits change with every frame and must stay readable, so their corner gets more of the bits.
	h264="-vf addroi=x=500:y=4:w=136:h=24:qoffset=-0.3 $h264"
	# shellcheck disable=SC2086 # the options are words
	ffmpeg -v error -y -i "$work/film.mkv" $h264 -pass 1 -an -f null /dev/null
	# shellcheck disable=SC2086
	ffmpeg -v error -y -i "$work/film.mkv" -f s16le -ar 32000 -ac 1 -i "$work/film.s16" $h264 -pass 2 \
		-c:a aac -b:a "$sound" -map_metadata -1 -fflags +bitexact -movflags +faststart "films/$1.mp4"
}

poster() { # ID, two lines of title, one small line, how far up
	"$work/draw" poster "$1" >"$work/poster.rgb"
	sed "s/FIRST/$2/;s/SECOND/$3/;s/LINE/$4/;s/RISE/$5/" draw/poster.svg >"$work/poster.svg"
	ffmpeg -v error -y -f rawvideo -pix_fmt rgb24 -s 400x600 -i "$work/poster.rgb" -i "$work/poster.svg" \
		-filter_complex '[0][1]overlay' -frames:v 1 -q:v 4 -pix_fmt yuvj420p "films/$1.jpg"
}

make_one() {
	film "$1"
	case $1 in
	night-train) poster "$1" NIGHT TRAIN 'the last one over the lake' 0 ;;
	aurora) poster "$1" '' AURORA 'somebody goes out to see' 0 ;;
	harbour-lights) poster "$1" HARBOUR LIGHTS 'a boat comes home' 0 ;;
	small-hours-s01e01) poster "$1" SMALL HOURS '1 · rain' -432 ;;
	small-hours-s01e02) poster "$1" SMALL HOURS '2 · snow' -432 ;;
	esac
	ls -l "films/$1.mp4" "films/$1.jpg"
}

[ $# -gt 0 ] || set -- night-train aurora harbour-lights small-hours-s01e01 small-hours-s01e02
for id; do make_one "$id"; done
