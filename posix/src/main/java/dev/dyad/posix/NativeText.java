package dev.dyad.posix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Paths, words and variables as the system has them: bytes, which need not be text in the locale.
///
/// Text is encoded as the JDK's own calls do, in the encoding of the locale; what that has no characters for, as
/// under `LANG=C`, is UTF-8. A path gives the bytes that it has, and bytes that are text in neither encoding become
/// a string of which [#bytes(String)] makes the same bytes again: each of them is half of a surrogate pair, which no
/// text has.
public final class NativeText {

    private static final Charset LOCALE = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    /// Where nothing can be: a path in it is no folder, whose URI would end with a slash, and mounts nothing.
    private static final String NOWHERE = "/dev/null/";

    private static final int HALF = 0xDC00;

    private NativeText() {}

    /// Requires text that can go to a program, as an argument or a variable of its environment: without a NUL
    /// character, which would end it there, and without half of a surrogate pair, which stands for a byte here.
    ///
    /// @throws IllegalArgumentException if it cannot
    public static void require(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a NUL character in \"" + text.replace('\0', '?') + "\"");
        }
        if (!UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(
                    "not Unicode text, as it has half of a surrogate pair: \"" + toAscii(text) + "\"");
        }
    }

    private static String toAscii(String text) {
        var ascii = new StringBuilder();
        text.codePoints().forEach(each -> {
            if (each >= ' ' && each < 0x7F) {
                ascii.append((char) each);
            } else {
                ascii.append(String.format("\\u{%X}", each));
            }
        });
        return ascii.toString();
    }

    /// Returns the bytes of a text.
    public static byte[] bytes(String text) {
        if (isAscii(text)) {
            return text.getBytes(US_ASCII);
        }
        if (text.chars().noneMatch(NativeText::isByte)) {
            return encoded(text);
        }
        var bytes = new ByteArrayOutputStream();
        int done = 0;
        for (int at = 0; at < text.length(); at++) {
            if (isByte(text.charAt(at)) && (at == done || !Character.isHighSurrogate(text.charAt(at - 1)))) {
                bytes.writeBytes(encoded(text.substring(done, at)));
                bytes.write(text.charAt(at));
                done = at + 1;
            }
        }
        bytes.writeBytes(encoded(text.substring(done)));
        return bytes.toByteArray();
    }

    /// Returns a text of which [#bytes(String)] makes these bytes.
    public static String text(byte[] bytes) {
        for (Charset charset : List.of(LOCALE, UTF_8)) {
            String text = decoded(bytes, charset);
            if (text != null && Arrays.equals(bytes(text), bytes)) {
                return text;
            }
        }
        var text = new StringBuilder();
        for (byte each : bytes) {
            text.append(each < 0 ? (char) (HALF | (each & 0xFF)) : (char) each);
        }
        return text.toString();
    }

    /// Returns a text of which [#bytes(String)] makes the bytes of a path.
    public static String text(Path path) {
        return text(bytes(path));
    }

    /// Returns the bytes of a path, as it stands: relative if it is.
    ///
    /// @throws IllegalArgumentException if it is in another file system than the system's own
    public static byte[] bytes(Path path) {
        String text = path.toString();
        if (!isSystems(path)) {
            throw new IllegalArgumentException("not a path of the system's own: " + path);
        }
        if (isAscii(text)) {
            return text.getBytes(US_ASCII);
        }
        if (!path.getFileSystem().getSeparator().equals("/")) {
            return encoded(text); // it is text there
        }
        Path relative = path.subpath(0, path.getNameCount()); // a relative one, and an absolute one less its root
        String uri = Path.of(NOWHERE).resolve(relative).toUri().getRawPath();
        return decodedPercents((path.isAbsolute() ? "/" : "") + uri.substring(NOWHERE.length()));
    }

    /// Returns the path of these bytes.
    ///
    /// @throws java.nio.file.InvalidPathException if one of them is zero
    public static Path path(byte[] bytes) {
        String text = decoded(bytes, LOCALE);
        if (text != null && Arrays.equals(text.getBytes(LOCALE), bytes)) {
            return Path.of(text);
        }
        boolean absolute = bytes[0] == '/';
        Path path = Path.of(URI.create("file://" + (absolute ? "/" : NOWHERE) + encodedPercents(bytes)));
        return absolute ? path : path.subpath(2, path.getNameCount());
    }

    /// Returns the path that a text stands for, whose characters the locale may lack.
    public static Path path(String text) {
        return path(bytes(text));
    }

    /// Returns a variable of this process's environment, as a text of which [#bytes(String)] makes what it is.
    ///
    /// @return `null` if it is not set
    public static @Nullable String variable(String name) {
        String decoded = System.getenv(name);
        if (decoded == null || isAscii(decoded)) {
            return decoded;
        }
        try {
            byte[] value = variable(Files.readAllBytes(Path.of("/proc/self/environ")), name);
            return value == null ? decoded : text(value);
        } catch (IOException noProc) {
            return decoded;
        }
    }

    /// Returns the bytes of a text with a zero byte at their end.
    public static MemorySegment string(SegmentAllocator arena, String text) {
        return string(arena, bytes(text));
    }

    /// Returns the bytes of a path with a zero byte at their end.
    public static MemorySegment string(SegmentAllocator arena, Path path) {
        return string(arena, bytes(path));
    }

    /// Returns the bytes of a text with a zero byte at their end.
    public static MemorySegment string(SegmentAllocator arena, byte[] bytes) {
        MemorySegment string = arena.allocate(bytes.length + 1L); // zeroed
        return string.copyFrom(MemorySegment.ofArray(bytes));
    }

    private static boolean isAscii(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (text.charAt(at) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /// Returns whether a character that has no other half before it stands for a byte.
    private static boolean isByte(int character) {
        return character >= (HALF | 0x80) && character <= (HALF | 0xFF);
    }

    private static byte[] encoded(String text) {
        return text.getBytes(LOCALE.newEncoder().canEncode(text) ? LOCALE : UTF_8);
    }

    private static @Nullable String decoded(byte[] bytes, Charset charset) {
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static byte[] decodedPercents(String path) {
        var bytes = new ByteArrayOutputStream();
        for (int at = 0; at < path.length(); at++) {
            boolean coded = path.charAt(at) == '%';
            bytes.write(coded ? HexFormat.fromHexDigits(path, at + 1, at + 3) : path.charAt(at));
            at += coded ? 2 : 0;
        }
        return bytes.toByteArray();
    }

    /// Returns a path as a URI has it, with one slash where there are several.
    private static String encodedPercents(byte[] path) {
        var text = new StringBuilder();
        for (int at = 0; at < path.length; at++) {
            if (path[at] != '/') {
                text.append('%').append(HexFormat.of().toHexDigits(path[at]));
            } else if (at > 0 && path[at - 1] != '/') {
                text.append('/');
            }
        }
        return text.toString();
    }

    private static boolean isSystems(Path path) {
        return path.getFileSystem().equals(FileSystems.getDefault());
    }

    /// Returns a variable of those that the process was started with.
    ///
    /// @return `null` if it was set since, or the program has written something else there
    static byte @Nullable [] variable(byte[] environment, String name) {
        String text = new String(environment, ISO_8859_1);
        int found = ("\0" + text).indexOf("\0" + name + "=");
        if (found < 0) {
            return null;
        }
        int at = found + name.length() + 1;
        int end = text.indexOf('\0', at);
        return text.substring(at, end < 0 ? text.length() : end).getBytes(ISO_8859_1);
    }
}
