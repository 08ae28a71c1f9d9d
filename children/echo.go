// A child of a Dyad parent: says back what it hears on its descriptor, until the parent has no more to say.
package main

import (
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
	if _, err := io.Copy(parent, parent); err != nil {
		log.Fatal(err)
	}
}
