/// How bytes and datagrams are read, written, sent and received, also through a socket as a channel.
package dev.dyad.php.transfer;
