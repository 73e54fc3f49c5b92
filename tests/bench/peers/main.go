// What libopenapi finds between two documents, counted: its own program cannot be had as a module.
package main

import (
	"fmt"
	"os"

	"github.com/pb33f/libopenapi"
)

func read(path string) libopenapi.Document {
	content, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	document, err := libopenapi.NewDocument(content)
	if err != nil {
		panic(err)
	}
	return document
}

func main() {
	changes, err := libopenapi.CompareDocuments(read(os.Args[1]), read(os.Args[2]))
	if changes == nil {
		panic(err)
	}
	fmt.Println(changes.TotalChanges(), changes.TotalBreakingChanges())
}
