/// How a socket's options and its blocking mode are set and told.
///
/// [Options][dev.dyad.php.option.Options] knows the form of the values, and
/// [Multicast][dev.dyad.php.option.Multicast] those of groups and interfaces.
package dev.dyad.php.option;
