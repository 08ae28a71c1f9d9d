package dev.dyad.message;

import java.nio.ByteBuffer;

/// How messages lie in a stream of bytes: each with its length before it, or with a delimiter after it.
///
/// A wire is a rule without state, which any number of channels may share. Those that programs speak
/// are here; another one is a class that implements [Prefixed] or [Delimited].
public sealed interface Wire permits Wire.Prefixed, Wire.Delimited {

    /// Returns the wire of Python's `multiprocessing.connection`: a length of four bytes, big-endian,
    /// before each message. What is 2 GiB or longer has -1 there, and its length in eight more bytes.
    static Wire framed() {
        return FramedWire.INSTANCE;
    }

    /// A wire on which a head that tells the length stands before each message.
    non-sealed interface Prefixed extends Wire {

        /// The longest head that a wire may have, in bytes.
        int LONGEST_HEAD = 4096;

        /// Returns how long the head is, as far as the bytes tell that have come.
        ///
        /// Called again, with more bytes, until there are as many as it answers. It reads by absolute
        /// positions, or moves the position of `come`, which is a view of its own.
        ///
        /// @param come the bytes that have come since the last message, from its position on, at
        ///     least one
        /// @return the length of the head in bytes; a number that is larger than what has come if
        ///     that does not tell yet
        /// @throws WireException if no head begins like that
        int headSize(ByteBuffer come) throws WireException;

        /// Returns how long the body is that follows a head.
        ///
        /// @param head the whole head, from its position to its limit
        /// @return the length of the body in bytes
        /// @throws WireException if this is no head
        long bodyLength(ByteBuffer head) throws WireException;

        /// Writes the head of a message.
        ///
        /// @param bodyLength the length of the body in bytes
        /// @param target where the head goes, with room for [#LONGEST_HEAD] bytes
        /// @throws IllegalArgumentException if no message of this wire is so long
        void writeHead(long bodyLength, ByteBuffer target);
    }

    /// A wire on which a byte that no message has stands after each message.
    non-sealed interface Delimited extends Wire {

        /// Returns the byte that ends a message.
        byte delimiter();
    }
}
