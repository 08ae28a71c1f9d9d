/// How PHP's sockets are made: one by one, in pairs, listening, accepted, or at an address that was looked up.
package dev.dyad.php.open;
