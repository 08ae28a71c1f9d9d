package dev.dyad.process.aot;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.posix.NativeText;
import dev.dyad.process.java.JvmOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/// What an ahead-of-time cache depends on, as the name of its file.
///
/// A file is known by its path, inode, size and the times of its last changes. The JDK compares size and time of
/// modification, which a rewritten jar may have in common with the old one; nobody can set the time at which its
/// inode changed.
final class AotKey {

    private static final String VERSION = "1"; // to be changed with what is rehearsed

    private AotKey() {}

    /// Returns the key of a cache for a JVM with these options, and these jars at the beginning of its class path.
    ///
    /// @throws IOException if a jar cannot be looked at
    static String of(List<String> options, List<String> jars) throws IOException {
        var parts = new ArrayList<String>();
        parts.add(VERSION);
        parts.addAll(jdk());
        parts.addAll(JvmOptions.withoutOwnProperties(options));
        for (String jar : jars) {
            parts.add(identity(NativeText.path(jar)));
        }
        return HexFormat.of().formatHex(digest(String.join("\0", parts)));
    }

    private static List<String> jdk() throws IOException {
        Path home = Path.of(System.getProperty("java.home")).toRealPath();
        return List.of(
                System.getProperty("java.vm.name") + System.getProperty("java.vm.version"),
                identity(home.resolve("lib/modules")),
                identity(home.resolve("lib/server/libjvm.so")));
    }

    private static String identity(Path file) throws IOException {
        return file + " " + new TreeMap<>(Files.readAttributes(file, "unix:dev,ino,size,lastModifiedTime,ctime"));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has it", e);
        }
    }
}
