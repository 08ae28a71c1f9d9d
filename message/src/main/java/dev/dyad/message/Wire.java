package dev.dyad.message;

import java.nio.ByteBuffer;

/// How messages lie in a stream of bytes: each with its length before it, or with a delimiter after it.
///
/// A wire is a rule without state, which any number of channels and threads may share. Those that
/// programs speak are here; another one is a class that implements [Prefixed] or [Delimited].
///
/// A wire refuses bytes as soon as it can tell that no message begins like that. What it cannot tell is
/// how long a message may be: that limit is the channel's, and is checked before memory is allocated.
///
/// {@snippet file="dev/dyad/message/examples/MessageExamplesTest.java" region="wire"}
public sealed interface Wire permits Wire.Prefixed, Wire.Delimited {

    /// Returns the wire of Python's `multiprocessing.connection`: a length of four bytes, big-endian,
    /// before each message.
    ///
    /// What is 2 GiB or longer has -1 there, and its length in eight more bytes. The long form is taken
    /// for short messages, too, as Python takes it. Any other length below zero is refused.
    ///
    /// Text that a program prints by mistake reads as a length of 150 MB or more, so that a channel
    /// with a smaller limit refuses it.
    ///
    /// {@snippet file="dev/dyad/message/examples/WireExamplesTest.java" region="framed"}
    ///
    /// @return the wire, the same each time
    /// @see <a href="https://docs.python.org/3/library/multiprocessing.html">multiprocessing, Python</a>
    static Wire framed() {
        return FramedWire.INSTANCE;
    }

    /// Returns the wire of JSON lines and of MCP's standard streams: a line feed (`\n`) after each
    /// message.
    ///
    /// No message may have a line feed in it. JSON need not: in its strings it is written as `\n`, with
    /// a backslash. A carriage return before the line feed belongs to the message, and an empty line is
    /// a message of no bytes.
    ///
    /// {@snippet file="dev/dyad/message/examples/WireExamplesTest.java" region="lines"}
    ///
    /// @return the wire, the same each time
    /// @see <a href="https://jsonlines.org/">JSON Lines</a>
    /// @see <a href="https://modelcontextprotocol.io/specification/">Model Context Protocol</a>
    static Wire lines() {
        return LinesWire.INSTANCE;
    }

    /// Returns the wire of language servers (LSP) and debug adapters (DAP): header lines as in HTTP,
    /// one of which is `Content-Length`, then an empty line, then the message.
    ///
    /// It sends exactly `Content-Length: 17\r\n\r\n`. It also takes other header lines, such as
    /// `Content-Type`, which it ignores; names in small or capital letters; and lines that end with
    /// only `\n`. The head must be ASCII and may have 4,096 bytes.
    ///
    /// It refuses a head without `Content-Length` or with two, a length that is not a decimal number of
    /// 63 bits, and what is not a header line. So most of what a program prints by mistake is refused
    /// at its first space.
    ///
    /// {@snippet file="dev/dyad/message/examples/WireExamplesTest.java" region="content-length"}
    ///
    /// @return the wire, the same each time
    /// @see <a href="https://microsoft.github.io/language-server-protocol/">Language Server Protocol</a>
    /// @see <a href="https://microsoft.github.io/debug-adapter-protocol/">Debug Adapter Protocol</a>
    static Wire contentLength() {
        return ContentLengthWire.INSTANCE;
    }

    /// Returns the wire of Erlang's ports: a length of one, two or four bytes, big-endian and unsigned,
    /// before each message.
    ///
    /// The longest message has 255, 65,535 or 4,294,967,295 bytes, and a longer one is not sent. Any
    /// bytes are a valid head, so that only the channel's limit refuses anything.
    ///
    /// {@snippet file="dev/dyad/message/examples/WireExamplesTest.java" region="packet"}
    ///
    /// @param bytes how many bytes the length has: 1, 2 or 4, as in Erlang's `{packet, 4}`
    /// @return the wire, the same each time
    /// @throws IllegalArgumentException if `bytes` is another number
    /// @see <a href="https://www.erlang.org/doc/apps/erts/erlang.html#open_port/2">open_port/2, Erlang</a>
    static Wire packet(int bytes) {
        return PacketWire.of(bytes);
    }

    /// Returns the wire of protobuf's delimited messages, which Bazel's workers speak: a length in one
    /// to five bytes before each message, seven bits in each, the lowest first.
    ///
    /// It is what `writeDelimitedTo` writes and `parseDelimitedFrom` reads. A length has 31 bits at
    /// most, as an array in Java; one that has more is refused, and so is one that has more bytes than
    /// it needs.
    ///
    /// Text that a program prints by mistake cannot be told from a message of 9 to 126 bytes.
    ///
    /// {@snippet file="dev/dyad/message/examples/WireExamplesTest.java" region="varint"}
    ///
    /// @return the wire, the same each time
    /// @see <a href="https://protobuf.dev/programming-guides/encoding/#varints">Varints, Protocol Buffers</a>
    /// @see <a href="https://bazel.build/remote/creating">Creating persistent workers, Bazel</a>
    static Wire varint() {
        return VarintWire.INSTANCE;
    }

    /// Returns the wire of goridge, version 4, which RoadRunner and its workers speak: a head of twelve
    /// bytes or more, with a length of four, little-endian, and a checksum.
    ///
    /// It sends raw bodies without a context. A message that comes is the context, if there is one, and
    /// the body behind it. What else a head says is for the exchange [Exchange#GORIDGE].
    ///
    /// It refuses any version but 1, more than ten options, and a wrong checksum. So what a program
    /// prints by mistake is refused at its first byte.
    ///
    /// {@snippet file="dev/dyad/message/examples/WireExamplesTest.java" region="goridge"}
    ///
    /// @return the wire, the same each time
    /// @see <a href="https://github.com/roadrunner-server/goridge">goridge</a>
    static Wire goridge() {
        return GoridgeWire.INSTANCE;
    }

    /// A wire on which a head that tells the length stands before each message.
    ///
    /// The buffers that it is given are big-endian, as new ones are.
    non-sealed interface Prefixed extends Wire {

        /// The longest head that a wire may have, in bytes.
        int LONGEST_HEAD = 4096;

        /// Returns how long the head is, as far as the bytes that have come tell.
        ///
        /// It is called again, with more bytes, until there are as many as it answers. So it must not
        /// ask for more than the head has: the peer may wait for an answer to what it has sent. It
        /// reads by absolute positions, or moves the position of `come`, which is a view of its own.
        ///
        /// @param come the bytes that have come since the last message, from its position on, at
        ///     least one
        /// @return the length of the head in bytes; more bytes than have come, if these do not tell it
        /// @throws WireException if no head begins like that
        int headSize(ByteBuffer come) throws WireException;

        /// Returns how long the body is that follows a head.
        ///
        /// @param head the whole head, from its position to its limit, as [#headSize] told it
        /// @return the length of the body in bytes
        /// @throws WireException if this is no head
        long bodyLength(ByteBuffer head) throws WireException;

        /// Returns how long a message of this wire may be, so that a longer one is refused before it waits
        /// for its turn. That is 2⁶³ - 1 bytes unless a wire says less.
        ///
        /// @return the length of the longest body in bytes, the same each time
        default long longestBody() {
            return Long.MAX_VALUE;
        }

        /// Writes the head of a message.
        ///
        /// @param bodyLength the length of the body in bytes, at most [#longestBody]
        /// @param target where the head goes, with room for [#LONGEST_HEAD] bytes
        /// @throws IllegalArgumentException if no message of this wire is so long
        void writeHead(long bodyLength, ByteBuffer target);
    }

    /// A wire on which a byte that no message has stands after each message.
    non-sealed interface Delimited extends Wire {

        /// Returns the byte that ends a message.
        ///
        /// @return the byte, the same each time
        byte delimiter();
    }
}
