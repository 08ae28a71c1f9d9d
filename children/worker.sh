#!/bin/sh
# A worker of a Dyad parent: answers each message with its text in upper case, until the parent has no more to ask.
# A message is a line here, since a shell cannot read so many bytes. It knows the descriptors 0 to 9 only.
fd=${DYAD_FD:-3}

while IFS= read -r request <&"$fd"; do
    answer=$(printf '%s' "$request" | tr a-z A-Z)
    printf '%s\n' "$answer" >&"$fd"
done
if [ -n "$request" ]; then
    echo "worker.sh: a line is cut" >&2
    exit 1
fi
