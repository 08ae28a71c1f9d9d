package dev.dyad.socket;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Something is opened, or nothing is.
class Opening extends Stage {

    private final Opener opener;
    private @Nullable Closeable opened;

    /// What opens it.
    @FunctionalInterface
    interface Opener {
        Closeable open() throws IOException;
    }

    Opening(Opener opener) {
        this.opener = opener;
    }

    @Override
    final void run() throws IOException {
        opened = opener.open();
    }

    @Override
    public void close() throws IOException {
        if (opened != null) {
            opened.close();
        }
    }
}
