package dev.dyad.message;

/// A wire as a user may write one.
final class TestWires {

    private TestWires() {}

    static final class Lines implements Wire.Delimited {

        @Override
        public byte delimiter() {
            return '\n';
        }

        @Override
        public String toString() {
            return "test lines";
        }
    }
}
