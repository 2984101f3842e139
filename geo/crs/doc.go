// Package crs converts between the coordinate systems that Chinese counties
// deliver and the lon/lat degrees that Lifecircle computes in.
//
// Known systems:
//
//	EPSG:4326  WGS 84                 lon, lat in degrees
//	EPSG:4490  CGCS2000               lon, lat in degrees; equal to 4326 by EPSG's null transformation
//	EPSG:3857  Web Mercator           x, y in metres
//	EPSG:4513 … 4533  CGCS2000 3-degree Gauss-Krüger, zones 25–45: the easting begins with the zone number
//	EPSG:4534 … 4554  the same projection, central meridians 75°E–135°E, without the zone number
//	gcj02      the shifted coordinates of Chinese map services, lon, lat in degrees
//	bd09       Baidu's further shift of gcj02, lon, lat in degrees
//
// Axis order: a point is always orb.Point{x, y}, that is {lon, lat} or
// {easting, northing}, the order of GIS files. EPSG itself states lat, lon and
// northing, easting for all of them but 3857, and Chinese surveyors call the
// northing X: whoever reads text columns by those names swaps before calling here.
package crs
