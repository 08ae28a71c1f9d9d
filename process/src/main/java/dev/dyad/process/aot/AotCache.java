package dev.dyad.process.aot;

import dev.dyad.posix.NativeText;
import dev.dyad.posix.Setting;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The folder in which ahead-of-time caches are kept, which nobody else can put anything into.
///
/// A cache is code that every child runs. So it is taken only from a folder that belongs only to this user, in
/// one that nobody else may change, and looked at anew each time.
public final class AotCache {

    static final String SUFFIX = ".aot";

    static final String FAILED = ".failed";

    static final int MOST = 16;

    private static final String WISH = Setting.of("dyad.aot", "on", "off");
    private static final String NEW = ".new-";
    private static final Duration LEFTOVER = Duration.ofHours(1);
    private static final Duration DISCOURAGED = Duration.ofDays(1);
    private static final int TYPE = 0170000;
    private static final int FOLDER = 0040000;
    private static final int FILE = 0100000;
    private static final int OTHERS = 077;
    private static final int OTHERS_WRITE = 022;
    private static final long ROOT = 0;
    private static final char NO_TEXT = '\uFFFD'; // a question mark in some properties

    private AotCache() {}

    /// Returns whether to use a cache: as asked, unless `-Ddyad.aot` says otherwise.
    public static boolean isWanted(boolean asked) {
        return switch (WISH) {
            case "on" -> true;
            case "off" -> false;
            default -> asked;
        };
    }

    /// Returns the file in which the cache of a key is, or would be.
    static Path file(Path folder, String key) {
        return folder.resolve(key + SUFFIX);
    }

    /// Returns the folder, which is made if it is not there.
    ///
    /// @throws IOException if it cannot be made, or is not private to us
    public static Path folder() throws IOException {
        return folder(base());
    }

    static Path folder(Path base) throws IOException {
        Path ours = base.resolve("dyad");
        Path folder = ours.resolve("aot");
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            Files.createDirectories(base, ownerOnly);
            require(base, OTHERS_WRITE, true);
            Files.createDirectories(folder, ownerOnly);
        }
        require(base, OTHERS_WRITE, true);
        require(ours, OTHERS, false);
        require(folder, OTHERS, false);
        return folder;
    }

    /// Returns whether a file is a cache that we wrote.
    static boolean isUsable(Path file) {
        try {
            Map<String, Object> attributes = attributes(file);
            return isOf(attributes, FILE, OTHERS_WRITE) && isOurs(attributes) && number(attributes, "size") > 0;
        } catch (IOException e) {
            return false; // there is none
        }
    }

    /// Notes that a cache could not be made, so that others who want it do not try at once.
    static void noteFailure(Path file) {
        try {
            Path mark = mark(file);
            Files.deleteIfExists(mark);
            Files.createFile(mark);
        } catch (IOException notNoted) {
            // then the next one tries
        }
    }

    /// Returns whether that was noted less than a day ago.
    static boolean hasFailed(Path file) {
        try {
            return isRecent(mark(file));
        } catch (IOException e) {
            return false; // there is no mark
        }
    }

    static void forgetFailure(Path file) throws IOException {
        Files.deleteIfExists(mark(file));
    }

    private static Path mark(Path file) {
        return file.resolveSibling(file.getFileName() + FAILED);
    }

    /// One from the future says nothing: the clock was wrong then, or is now.
    private static boolean isRecent(Path mark) throws IOException {
        Instant noted =
                Files.getLastModifiedTime(mark, LinkOption.NOFOLLOW_LINKS).toInstant();
        return Duration.between(noted, Instant.now()).abs().compareTo(DISCOURAGED) < 0;
    }

    /// Opens a folder in which a cache is made, and deletes those that killed processes left, and old marks.
    static Path newFolder(Path folder) throws IOException {
        for (Path mark : list(folder, "*" + FAILED)) {
            if (!isRecent(mark)) {
                Files.deleteIfExists(mark);
            }
        }
        FileTime before = FileTime.from(Instant.now().minus(LEFTOVER));
        for (Path path : list(folder, NEW + "*")) {
            if (Files.getLastModifiedTime(path).compareTo(before) < 0) {
                delete(path);
            }
        }
        return Files.createTempDirectory(folder, NEW);
    }

    /// Deletes all but the newest caches, for each change of a jar leaves one that nobody will use.
    static void deleteSurplus(Path folder) throws IOException {
        List<Path> caches = new ArrayList<>(list(folder, "*" + SUFFIX));
        caches.sort(Comparator.comparingLong((Path path) -> path.toFile().lastModified())
                .reversed());
        for (Path old : caches.subList(Math.min(caches.size(), MOST), caches.size())) {
            Files.deleteIfExists(old);
        }
    }

    static void delete(Path folder) throws IOException {
        for (Path file : list(folder, "*")) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(folder);
    }

    private static List<Path> list(Path folder, String pattern) throws IOException {
        var paths = new ArrayList<Path>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, pattern)) {
            found.forEach(paths::add);
        }
        return paths;
    }

    private static Path base() throws IOException {
        String said = NativeText.variable("XDG_CACHE_HOME");
        if (said != null && said.startsWith("/")) {
            return NativeText.path(said);
        }
        String home = home();
        if (!home.startsWith("/")) {
            throw new IOException("no home: \"" + home + "\"");
        }
        return NativeText.path(home).resolve(".cache");
    }

    /// Returns the property, or what it was made of where its bytes are no text in the locale: the variable, as a rule.
    private static String home() {
        String home = System.getProperty("user.home", "");
        String variable = System.getenv("HOME");
        boolean same = variable != null && variable.replace(NO_TEXT, '?').equals(home.replace(NO_TEXT, '?'));
        return same ? Objects.requireNonNull(NativeText.variable("HOME")) : home;
    }

    private static void require(Path folder, int forbidden, boolean mayBeRoots) throws IOException {
        Map<String, Object> attributes = attributes(folder);
        boolean owned = isOurs(attributes) || (mayBeRoots && uid(attributes) == ROOT);
        if (!owned || !isOf(attributes, FOLDER, forbidden)) {
            throw new IOException(folder + " is not a private folder of this user");
        }
    }

    private static boolean isOf(Map<String, Object> attributes, int type, int forbidden) {
        long mode = number(attributes, "mode");
        return (mode & TYPE) == type && (mode & forbidden) == 0;
    }

    private static boolean isOurs(Map<String, Object> attributes) throws IOException {
        return uid(attributes) == uid(Files.readAttributes(Path.of("/proc/self"), "unix:uid"));
    }

    private static long uid(Map<String, Object> attributes) {
        return number(attributes, "uid");
    }

    private static long number(Map<String, Object> attributes, String name) {
        return ((Number) Objects.requireNonNull(attributes.get(name))).longValue();
    }

    private static Map<String, Object> attributes(Path path) throws IOException {
        return Files.readAttributes(path, "unix:mode,uid,size", LinkOption.NOFOLLOW_LINKS);
    }

    /// Returns the options by which a JVM uses a cache.
    ///
    /// What the JVM says of one that it cannot use goes to stderr, for its stdout is the program's.
    static List<String> options(Path file) {
        return List.of("-XX:AOTCache=" + NativeText.text(file), "-Xlog:disable", "-Xlog:all=warning:stderr");
    }
}
