// Package shapefile reads ESRI shapefiles one record at a time: geometry (.shp),
// attributes (.dbf), the text of the projection (.prj) and the encoding (.cpg).
// Coordinates are {x, y} as the file has them; heights and measures are dropped.
// Formats: ESRI Shapefile Technical Description (July 1998) and dBASE III+.
package shapefile
