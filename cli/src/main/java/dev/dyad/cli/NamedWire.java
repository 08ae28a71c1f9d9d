package dev.dyad.cli;

import dev.dyad.message.Wire;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

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

    /// Finds a wire by its name; picocli itself would take the names of the constants, too.
    static final class Converter implements ITypeConverter<NamedWire> {
        @Override
        public NamedWire convert(String name) {
            return Arrays.stream(values())
                    .filter(wire -> wire.name.equals(name))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "there is no wire '%s', but there are %s".formatted(name, List.of(values()))));
        }
    }
}
