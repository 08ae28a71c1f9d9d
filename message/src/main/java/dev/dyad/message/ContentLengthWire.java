package dev.dyad.message;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;

/// The wire of LSP and DAP: header lines, of which one says how long the message is.
final class ContentLengthWire implements Wire.Prefixed {

    static final ContentLengthWire INSTANCE = new ContentLengthWire();

    private ContentLengthWire() {}

    @Override
    public int headSize(ByteBuffer come) throws WireException {
        return HeaderLines.read(come).size();
    }

    @Override
    public long bodyLength(ByteBuffer head) throws WireException {
        return HeaderLines.read(head).contentLength();
    }

    @Override
    public void writeHead(long bodyLength, ByteBuffer target) {
        MessageLengths.check(bodyLength, this);
        target.put(("Content-Length: " + bodyLength + "\r\n\r\n").getBytes(US_ASCII));
    }

    @Override
    public String toString() {
        return "content-length";
    }
}
