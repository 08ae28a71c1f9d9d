#!/bin/sh
# A child of a Dyad parent: reads the parent's message on its descriptor, in however many pieces, and answers there.
# A shell knows the descriptors 0 to 9 only.
fd=${DYAD_FD:-3}

message=$(dd bs=1 count=18 2>/dev/null <&"$fd")
if [ "$message" != 我是父級進程 ]; then
    echo "child.sh: not the parent's message: $message" >&2
    exit 1
fi
printf %s 我是子進程 >&"$fd"
