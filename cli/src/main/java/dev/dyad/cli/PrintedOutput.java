package dev.dyad.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/// Our standard output as far as it is lines for people.
///
/// Where nobody reads it any more, as behind `| head -1`, this process ends at once and says nothing, with the exit
/// code of a program that SIGPIPE ends, which a JVM ignores.
final class PrintedOutput extends OutputStream {

    /// 128 + SIGPIPE
    static final int READER_GONE = 141;

    private final OutputStream out;
    private final Runnable readerGone;

    PrintedOutput(OutputStream out, Runnable readerGone) {
        this.out = out;
        this.readerGone = readerGone;
    }

    /// Puts one in the place of `System.out`.
    static void install() {
        System.setOut(new PrintStream(stdout(), false, System.out.charset()));
    }

    /// Returns one over our standard output, which tells each failure at once and why.
    static PrintedOutput stdout() {
        return new PrintedOutput(new FileOutputStream(FileDescriptor.out), PrintedOutput::endQuietly);
    }

    /// Ends us, and says nothing of what that ends, such as workers.
    private static void endQuietly() {
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
        System.exit(READER_GONE);
    }

    /// Writes a line, in one call.
    void line(String text) throws IOException {
        write((text + System.lineSeparator()).getBytes(System.out.charset()));
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        try {
            out.write(bytes, from, length);
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("Broken pipe")) { // it has no type or number
                readerGone.run();
            }
            throw e;
        }
    }
}
