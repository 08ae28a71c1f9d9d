package dev.dyad.harness;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// More bytes than any array has: code that copies them finds that there is no memory for it.
public final class LargestBuffer {

    private LargestBuffer() {}

    /// Returns them, of a file that takes no room on the disk.
    public static ByteBuffer in(Path folder) throws IOException {
        try (var file = FileChannel.open(
                folder.resolve("sparse"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE)) {
            return file.map(MapMode.READ_WRITE, 0, Integer.MAX_VALUE);
        }
    }
}
