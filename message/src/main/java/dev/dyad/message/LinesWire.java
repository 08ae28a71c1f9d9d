package dev.dyad.message;

/// The wire of JSON lines.
final class LinesWire implements Wire.Delimited {

    static final LinesWire INSTANCE = new LinesWire();

    private LinesWire() {}

    @Override
    public byte delimiter() {
        return '\n';
    }

    @Override
    public String toString() {
        return "lines";
    }
}
