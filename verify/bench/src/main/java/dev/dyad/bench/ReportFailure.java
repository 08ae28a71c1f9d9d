package dev.dyad.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Why there is no report: one sentence, and an exit code of `sysexits.h`.
final class ReportFailure extends IOException {

    private static final int USAGE = 2;
    private static final int BAD_DATA = 65;
    private static final int NO_INPUT = 66;
    private static final int NOT_WRITTEN = 74;

    private static final Path OUTPUT = Path.of("/proc/self/fd/1");
    private static final Path NULL = Path.of("/dev/null");

    private static final long serialVersionUID = 1L;

    /// An exit code.
    private final int exitCode;

    private ReportFailure(int exitCode, String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }

    static ReportFailure badData(Path file, String what) {
        return new ReportFailure(BAD_DATA, file + " " + what, null);
    }

    static ReportFailure unreadable(Path file, IOException why) {
        String what = why instanceof NoSuchFileException
                ? "there is no " + file + ": `./dyad bench` measures and leaves its figures there"
                : "can't read \"" + file + "\": " + why.getMessage();
        return new ReportFailure(NO_INPUT, what, why);
    }

    /// Fails where a page would be written over the figures of a run.
    static void requireOther(Path page, Path figures) throws ReportFailure {
        if (isSame(page, figures)) {
            throw new ReportFailure(USAGE, "\"" + page + "\" has the figures: the page has to go elsewhere", null);
        }
    }

    /// Fails where a file is also what is printed to, of which each would be in the other's midst.
    static void requireNotPrinted(Path file) throws ReportFailure {
        if (isSame(file, OUTPUT) && !isSame(file, NULL)) {
            throw new ReportFailure(
                    USAGE, "\"" + file + "\" is the standard output, which has the text: name another file", null);
        }
    }

    /// Returns where links lead, as far as they lead to a path.
    static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException notThere) { // so far, or it is a pipe
            return file;
        }
    }

    private static boolean isSame(Path page, Path figures) {
        try {
            return Files.isSameFile(page, figures);
        } catch (IOException e) { // one of them is not there
            return page.toAbsolutePath()
                    .normalize()
                    .equals(figures.toAbsolutePath().normalize());
        }
    }

    /// Fails where a file could not be written, before anything is measured. What is there is left, and nothing else.
    static void requireWritable(Path file) throws ReportFailure {
        boolean isNew = !Files.exists(file);
        try {
            if (!isNew && !Files.isRegularFile(file) && Files.isWritable(file)) {
                return; // a pipe has a reader only once
            }
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
            if (isNew) {
                Files.delete(file.toRealPath()); // not the link that led there
            }
        } catch (IOException e) {
            throw notWritten(file, e);
        }
    }

    /// Writes a file, whole or with a failure that says why not.
    static void write(Path file, String text) throws ReportFailure {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw notWritten(file, e);
        }
    }

    /// Fails where something of what was printed did not arrive; a stream that prints keeps no reason.
    static void requirePrinted(PrintStream out) throws ReportFailure {
        if (out.checkError()) {
            throw new ReportFailure(NOT_WRITTEN, "not everything could be written to the standard output", null);
        }
    }

    private static ReportFailure notWritten(Path file, IOException e) {
        return new ReportFailure(NOT_WRITTEN, "can't write \"" + file + "\": " + why(file, e), e);
    }

    /// Returns why something could not be made, where the JDK names it twice or says nothing else.
    static String why(Path file, IOException e) {
        return switch (e) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _
            when Files.isDirectory(file.resolveSibling("").toAbsolutePath()) -> "no file can be made there";
            case NoSuchFileException _ -> "its folder is not there";
            default -> String.valueOf(e.getMessage()).replaceFirst("^" + Pattern.quote(file + ": "), "");
        };
    }
}
