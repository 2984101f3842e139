// Package archtest holds the tests that keep the architecture: who may import
// whom, how long a file may grow, and what a package may be called.
package archtest
