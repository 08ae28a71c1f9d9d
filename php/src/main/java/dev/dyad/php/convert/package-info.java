/// How PHP converts values: between its types, and from a caller's arrays to the types of C.
///
/// [Values][dev.dyad.php.convert.Values] casts as PHP does, and warns. A
/// [ConversionPath][dev.dyad.php.convert.ConversionPath] says where in an array something is that cannot be
/// converted.
package dev.dyad.php.convert;
