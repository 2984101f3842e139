package main

import (
	"os"
	"testing"

	"github.com/lifecircle/lifecircle/data/datatest"
)

func TestMain(m *testing.M) { os.Exit(datatest.Main(m)) }
