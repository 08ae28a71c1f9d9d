/// What PHP keeps of a socket, and the calls that send and receive on one.
///
/// [PhpSocket][dev.dyad.php.socket.PhpSocket] is PHP's `php_socket`, behind the object that a program holds.
package dev.dyad.php.socket;
