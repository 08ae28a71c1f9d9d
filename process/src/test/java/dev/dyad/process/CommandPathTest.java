package dev.dyad.process;

import static dev.dyad.process.Talk.sh;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.dyad.harness.Folders;
import dev.dyad.harness.JavaProbe;
import dev.dyad.posix.NativeText;
import dev.dyad.process.aot.AotCache;
import dev.dyad.socket.SystemCallException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a child is told of paths whose bytes are no text in the locale.
@Timeout(60)
class CommandPathTest {

    private static final String NAME = "ordn\u00E9r"; // each character a byte, which is no UTF-8

    @TempDir
    Path folder;

    /// Does what the tests here do, in the folders that it is given: in a JVM under another locale.
    static final class Everywhere {
        public static void main(String[] arguments) throws Exception {
            Folders.each(arguments[0], CommandPathTest::isAPlace);
            System.out.write(
                    sh("printf \"$0$v\"", "ü").environment("v", "ß").output().bytes());
            System.out.print(AotCache.folder().toUri().getRawPath());
        }

        private static Command sh(String script, String argument) {
            return Command.of("sh", "-c", script, argument);
        }
    }

    @Test
    void a_folder_whose_name_is_no_text_is_a_place_like_any_other() throws Exception {
        isAPlace(Files.createDirectory(folder.resolve(path(NAME))));
    }

    @Test
    void a_locale_without_the_characters_changes_nothing() throws Exception {
        Path places = Files.createDirectory(folder.resolve("places"));
        Files.createDirectory(places.resolve(path(NAME)));
        Path caches = Files.createDirectory(places.resolve(path("cache\u00C3\u00BC")));

        var result = JavaProbe.of(Everywhere.class, places.toString())
                .environment("LC_ALL", "C")
                .under(
                        "sh",
                        "-c",
                        "XDG_CACHE_HOME=$(echo " + places + "/cache*); export XDG_CACHE_HOME; exec \"$@\"",
                        "sh")
                .run();

        assertThat(result.errText()).isEmpty();
        assertThat(result.outText()).isEqualTo("üß" + caches.toUri().getRawPath() + "dyad/aot/");
    }

    @Test
    void the_home_is_found_where_its_name_is_no_text() throws Exception {
        Path home = Files.createDirectory(folder.resolve(path(NAME)));

        var result = JavaProbe.of(Home.class)
                .environment("LC_ALL", "C")
                .withoutEnvironment("XDG_CACHE_HOME")
                .under("sh", "-c", "HOME=$(echo " + folder + "/ordn*r); export HOME; exec \"$@\"", "sh")
                .options("-Duser.home=" + folder + "/ordn?r")
                .run();

        assertThat(result.outText()).isEqualTo(home.toUri().getRawPath() + ".cache/dyad/aot/");
    }

    static final class Home {
        public static void main(String[] arguments) throws Exception {
            System.out.print(AotCache.folder().toUri().getRawPath());
        }
    }

    @Test
    void a_folder_that_is_not_there_is_blamed_and_not_the_program() {
        Path missing = folder.resolve(path(NAME));

        assertThatExceptionOfType(SystemCallException.class)
                .isThrownBy(() -> Command.of("true").directory(missing).spawn())
                .satisfies(e -> assertThat(e.call()).isEqualTo("chdir"));
    }

    private static void isAPlace(Path place) throws Exception {
        Path file = Files.writeString(place.resolve("f"), "x\n");
        assertThat(sh("cat f; cat")
                        .directory(place)
                        .stdin(Stdio.file(file))
                        .output()
                        .text())
                .isEqualTo("x\nx\n");
        assertThat(Command.of("cat").argument(file).output().text()).isEqualTo("x\n");
        assertThat(sh("cat \"$file\"").environment("file", file).output().text())
                .isEqualTo("x\n");
        Path tool = Files.writeString(place.resolve("t"), "#!/bin/sh\necho run");
        Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
        Command run = Command.of("./t").directory(place);
        assertThat(run.output().text()).isEqualTo("run\n");
        assertThat(run.parentDeathSignal(Signal.KILL).output().text()).isEqualTo("run\n");
        Files.delete(tool);
        Files.delete(file);
    }

    private static Path path(String bytes) {
        return NativeText.path(bytes.getBytes(ISO_8859_1));
    }
}
