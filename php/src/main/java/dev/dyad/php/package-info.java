/// PHP's socket functions, and `pcntl_fork` with its family, by the names that they have there.
///
/// {@snippet file="dev/dyad/php/examples/SocketsExamplesTest.java" region="sockets"}
///
/// - All functions and constants: [Sockets] and, for child processes, [Pcntl], to be imported statically.
/// - What they take and return: [Socket], [AddressInfo], [ForkBody], and [Ref] for `&$x`.
/// - What is thrown for a mistake of the program: [PhpError], [ValueError], [TypeError], [ArgumentCountError].
package dev.dyad.php;
