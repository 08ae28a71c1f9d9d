// A worker of a Dyad parent: answers each message with its text in upper case, until the parent has no more to ask.
// A message is its length in four bytes, big-endian, and so many bytes.
package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"log"
	"os"
	"strconv"
)

func main() {
	fd := 3
	if number, given := os.LookupEnv("DYAD_FD"); given {
		fd, _ = strconv.Atoi(number)
	}
	parent := os.NewFile(uintptr(fd), "parent")
	in := bufio.NewReader(parent)

	head := make([]byte, 4)
	_, err := io.ReadFull(in, head)
	for ; err == nil; _, err = io.ReadFull(in, head) {
		length := int32(binary.BigEndian.Uint32(head))
		if length < 0 {
			log.Fatal("a message of 2 GiB or more")
		}
		request := make([]byte, length)
		if _, err := io.ReadFull(in, request); err != nil {
			log.Fatal("a message is cut: ", err)
		}
		answer := bytes.ToUpper(request)
		message := append(binary.BigEndian.AppendUint32(nil, uint32(len(answer))), answer...)
		if _, err := parent.Write(message); err != nil {
			log.Fatal(err)
		}
	}
	if err != io.EOF {
		log.Fatal("a length is cut: ", err)
	}
}
