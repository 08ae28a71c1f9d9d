package dev.dyad.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The lines of our standard input, byte for byte: each without its end, which is `\n` or `\r\n`.
final class InputLines {

    /// A longer line is none for a message: several of them would not fit in the launcher's heap.
    static final int LONGEST = 8 << 20;

    private final InputStream in;
    private long line;

    InputLines(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    /// Returns the next line, or `null` at the end.
    ///
    /// @throws Problem if our input fails
    @Nullable
    ByteBuffer next() throws Problem {
        line++;
        StandardStream.reads(true);
        try {
            return read();
        } catch (IOException e) {
            throw new Problem(Problem.IO, "standard input: " + Problem.sentence(e));
        } finally {
            StandardStream.reads(false);
        }
    }

    private @Nullable ByteBuffer read() throws IOException, Problem {
        int one = in.read();
        if (one < 0) {
            return null;
        }
        var bytes = new ByteArrayOutputStream();
        for (; one >= 0 && one != '\n'; one = in.read()) {
            if (bytes.size() == LONGEST) {
                throw new Problem(
                        Problem.IO, "line " + line + " of the standard input is longer than " + LONGEST + " bytes");
            }
            bytes.write(one);
        }
        byte[] all = bytes.toByteArray();
        boolean isEndOfTwo = one == '\n' && all.length > 0 && all[all.length - 1] == '\r';
        return ByteBuffer.wrap(all, 0, isEndOfTwo ? all.length - 1 : all.length);
    }
}
