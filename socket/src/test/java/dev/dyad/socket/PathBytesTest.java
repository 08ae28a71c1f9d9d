package dev.dyad.socket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Folders;
import dev.dyad.harness.JavaProbe;
import dev.dyad.posix.NativeText;
import dev.dyad.socket.jdk.JdkPair;
import dev.dyad.socket.jdk.PrivateFolder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Paths whose bytes are no text in the locale, as the JDK's own calls take them.
@Timeout(60)
class PathBytesTest {

    private static final String NAME = "ordn\u00E9r"; // each character a byte, which is no UTF-8

    @TempDir
    Path folder;

    /// Uses each kind of path in the folders that it is given: what a JVM under another locale does.
    static final class Everywhere {
        public static void main(String[] arguments) throws Exception {
            Folders.each(arguments[0], PathBytesTest::isAPlace);
            try (var folder = PrivateFolder.create()) {
                System.out.print(folder.file("x").toUri().getRawPath());
            }
            SocketPair.over(JdkPair.unix()).close();
            try (var pair = SocketPair.stream();
                    var channel = pair.left().toSocketChannel()) {
                channel.write(ByteBuffer.allocate(1));
            }
        }
    }

    @Test
    void a_name_that_is_no_text_is_a_place_like_any_other() throws Exception {
        isAPlace(Files.createDirectory(folder.resolve(path(NAME))));
    }

    @Test
    void a_locale_without_the_characters_changes_nothing() throws Exception {
        Files.createDirectory(folder.resolve(path(NAME)));
        Path place = Files.createDirectory(folder.resolve(path("run\u00C3\u00BC")));

        var result = JavaProbe.of(Everywhere.class, folder.toString())
                .environment("LC_ALL", "C")
                .under(
                        "sh",
                        "-c",
                        "XDG_RUNTIME_DIR=$(echo " + folder + "/run*); export XDG_RUNTIME_DIR; exec \"$@\"",
                        "sh")
                .run();

        assertThat(result.errText()).isEmpty();
        assertThat(result.outText()).startsWith(place.toUri().getRawPath() + "dyad");
    }

    @Test
    void an_address_gives_back_the_path() {
        Path path = path("/" + NAME + "/x");

        assertThat(UnixAddress.of(path).path()).isEqualTo(path);
        assertThat(UnixAddress.of(path).bytes()).isEqualTo(("/" + NAME + "/x").getBytes(ISO_8859_1));
    }

    @Test
    void a_folder_for_donors_is_measured_in_bytes() throws Exception {
        Path deep = Files.createDirectories(folder.resolve(path("\u00C3\u00BC".repeat(45))));

        assertThatThrownBy(() -> PrivateFolder.requireShort(deep)).hasMessageContaining("too long");
    }

    private static void isAPlace(Path place) throws Exception {
        listensAndConnects(place);
        opens(place);
    }

    private static void listensAndConnects(Path place) throws Exception {
        Path path = place.resolve("s");
        try (var listener = Listener.stream(UnixDomainSocketAddress.of(path));
                var client = StreamSocket.open(UnixAddress.of(path));
                var accepted = listener.accept()) {
            assertThat(accepted.localAddress()).isEqualTo(UnixAddress.of(path));
            client.write(ByteBuffer.allocate(1));
        }
        Files.delete(path);
    }

    private static void opens(Path place) throws Exception {
        Path file = Files.writeString(place.resolve("f"), "x");
        try (var descriptor = Descriptor.open(file);
                FileChannel channel = descriptor.toFileChannel()) {
            assertThat(channel.size()).isEqualTo(1);
        }
        Files.delete(file);
    }

    private static Path path(String bytes) {
        return NativeText.path(bytes.getBytes(ISO_8859_1));
    }
}
