#!/bin/sh
# Makes the media files beside it, with ffmpeg: 20,011 samples at 44,100 Hz, 440 Hz on the left and 660 Hz on the right.
# The files are kept, so that the tests need no ffmpeg; this says where they come from.
set -eu
cd "$(dirname "$0")"
run() { ffmpeg -v error -y -bitexact "$@"; }
tone="aevalsrc=0.3*sin(2*PI*440*t)|0.2*sin(2*PI*660*t):s=44100:d=1,atrim=end_sample=20011"
run -f lavfi -i "$tone" -c:a pcm_s16le /tmp/tone.wav
film="-f lavfi -i testsrc=s=16x16:r=25:d=0.6"
run -i /tmp/tone.wav tone.flac
run -i /tmp/tone.wav -b:a 64k tone.mp3
run -i /tmp/tone.wav -c:a aac -b:a 64k tone.m4a
run -i /tmp/tone.wav -c:a alac alac.m4a
run -i /tmp/tone.wav -c:a libvorbis -q:a 1 tone.ogg
run -i /tmp/tone.wav -c:a flac flac.mkv
run -i /tmp/tone.wav -c:a libvorbis -q:a 1 vorbis.mkv
run -i /tmp/tone.wav -c:a aac -b:a 64k aac.mkv
run $film -i /tmp/tone.wav -c:v mpeg4 -c:a aac -b:a 64k film.mp4
run $film -itsoffset 0.1 -i /tmp/tone.wav -c:v mpeg4 -c:a aac -b:a 64k late.mp4
run $film -c:v mpeg4 silent.mp4
run $film -c:v mpeg4 silent.mkv
run -f lavfi -i "sine=f=300:d=0.2:r=48000" -ac 6 -c:a flac six.flac
run -i /tmp/tone.wav -c:a libopus -b:a 24k opus.ogg
