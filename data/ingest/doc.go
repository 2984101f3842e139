// Package ingest takes the files that counties deliver into versioned tables.
//
//	file ─Reader─▶ rows of text ─Kind─▶ checked records ─COPY in chunks─▶ staging
//	     ─checks across rows─▶ one transaction: a new data version, or nothing
//
// Rows that cannot be used are kept with their reason and come out as an XLSX;
// they never stop the good ones. A file whose coordinates contradict what is
// known of the area is refused whole.
package ingest
