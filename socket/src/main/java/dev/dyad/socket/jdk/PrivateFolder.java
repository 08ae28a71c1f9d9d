package dev.dyad.socket.jdk;

import dev.dyad.posix.NativeText;
import dev.dyad.socket.Errno;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// A folder that nobody else may enter, for as long as two sockets need a place to meet.
public final class PrivateFolder implements Closeable {

    /// What a UNIX address has room for, less a separator and the longest name that is put there.
    private static final int LONGEST_PATH = 107 - "/listener".length();

    private final Path path;
    private final Set<Path> files = new LinkedHashSet<>(); // that may be in it

    private PrivateFolder(Path path) {
        this.path = path;
    }

    /// What a folder is made for; it deletes the folder, now or later, unless it fails.
    @FunctionalInterface
    interface Use<T> {
        T in(PrivateFolder folder) throws IOException;
    }

    /// Creates one in the first place that works.
    ///
    /// @throws IOException if none does, with what was tried
    public static PrivateFolder create() throws IOException {
        return createFor(folder -> folder);
    }

    /// Creates one in the first place whose name is text in the locale, so that the JDK can tell it from others.
    ///
    /// @throws IOException if there is none, with what was tried
    static PrivateFolder createWithText() throws IOException {
        return createFor(folder -> {
            if (!Path.of(folder.path.toString()).equals(folder.path)) {
                throw new IOException("no text in the locale: " + folder.path);
            }
            return folder;
        });
    }

    /// Creates one in the first place where it can be put to its use: not every file system has sockets.
    ///
    /// @throws IOException if none does, with what was tried
    static <T> T createFor(Use<T> use) throws IOException {
        var why = new StringJoiner("; ", "no place for a private folder: ", "");
        var failures = new ArrayList<Exception>();
        for (Path place : places()) {
            try {
                return createIn(place, use);
            } catch (IOException | InvalidPathException e) { // the JDK has no address for a name that is no text
                why.add(place + ": " + reason(e));
                failures.add(e);
            }
        }
        var failure = new IOException(why.toString());
        failures.forEach(failure::addSuppressed);
        throw failure;
    }

    /// Returns what the system said: some exceptions of the JDK say that only by their type.
    private static @Nullable String reason(Exception failure) {
        return switch (failure) {
            case AccessDeniedException _ -> Errno.EACCES.text();
            case NoSuchFileException _ -> Errno.ENOENT.text();
            case FileSystemException e when e.getReason() != null -> e.getReason();
            default -> failure.getMessage();
        };
    }

    private static <T> T createIn(Path place, Use<T> use) throws IOException {
        var folder = new PrivateFolder(createIn(place));
        boolean done = false;
        try {
            T result = use.in(folder);
            done = true;
            return result;
        } finally {
            if (!done) {
                folder.close();
            }
        }
    }

    /// Returns the path of `name` in it.
    public Path file(String name) {
        Path file = path.resolve(name);
        files.add(file);
        return file;
    }

    /// Returns its last name, which is random: no other folder is called like that.
    String name() {
        return String.valueOf(path.getFileName());
    }

    /// Leaves it, and the one file in it, until this process exits by itself.
    void deleteAtExit(String file) {
        path.toFile().deleteOnExit(); // the last to be told is the first to be deleted
        file(file).toFile().deleteOnExit();
    }

    /// Deletes it with the files that were [named][#file]: to list it takes a descriptor, and there may be none
    /// left.
    @Override
    public void close() throws IOException {
        for (Path file : files) {
            boolean _ = Files.deleteIfExists(file);
        }
        Files.delete(path);
    }

    /// Returns where one may be, in the order of preference.
    public static List<Path> places() {
        var places = new ArrayList<Path>();
        String runtime = NativeText.variable("XDG_RUNTIME_DIR");
        if (runtime != null && !runtime.isEmpty()) {
            places.add(NativeText.path(runtime));
        }
        places.add(NativeText.path(System.getProperty("java.io.tmpdir", ".")));
        places.add(Path.of("/dev/shm"));
        return places;
    }

    private static Path createIn(Path place) throws IOException {
        Path folder = FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? Files.createTempDirectory(
                        place,
                        "dyad",
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
                : Files.createTempDirectory(place, "dyad");
        boolean done = false;
        try {
            requireShort(folder);
            done = true;
            return folder;
        } finally {
            if (!done) {
                Files.delete(folder);
            }
        }
    }

    public static void requireShort(Path folder) throws IOException {
        if (NativeText.bytes(folder).length > LONGEST_PATH) {
            throw new IOException("too long for the address of a UNIX socket: " + folder);
        }
    }
}
