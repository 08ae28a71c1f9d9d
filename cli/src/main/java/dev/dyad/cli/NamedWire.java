package dev.dyad.cli;

import dev.dyad.message.Wire;

/// The wires by their names.
@SuppressWarnings("ImmutableEnumChecker") // a wire has no state
enum NamedWire {
    FRAMED("framed", Wire.framed()),
    LINES("lines", Wire.lines()),
    CONTENT_LENGTH("content-length", Wire.contentLength()),
    PACKET_1("packet1", Wire.packet(1)),
    PACKET_2("packet2", Wire.packet(2)),
    PACKET_4("packet4", Wire.packet(4)),
    VARINT("varint", Wire.varint()),
    GORIDGE("goridge", Wire.goridge());

    private final String name;
    private final Wire wire;

    NamedWire(String name, Wire wire) {
        this.name = name;
        this.wire = wire;
    }

    Wire wire() {
        return wire;
    }

    @Override
    public String toString() {
        return name;
    }
}
