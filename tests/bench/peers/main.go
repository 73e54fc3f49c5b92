// What libopenapi finds between two documents, counted: its own program cannot be had as a module.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/pb33f/libopenapi"
	"github.com/pb33f/libopenapi/datamodel"
)

func read(path string) libopenapi.Document {
	content, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	document, err := libopenapi.NewDocumentWithConfiguration(content, &datamodel.DocumentConfiguration{
		BasePath:            filepath.Dir(path),
		AllowFileReferences: true,
	})
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
