package dev.dyad.process.aot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dyad.harness.Superuser;
import dev.dyad.process.java.JvmOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The folder of the caches, and the names in it.
class AotFolderTest {

    private static final List<String> OPTIONS = List.of("-Xmx1g", "-Down=1");

    @TempDir
    Path home;

    @Test
    void a_cache_folder_is_made_only_for_this_user_and_found_again() throws Exception {
        Path folder = AotCache.folder(home.resolve("new"));

        assertThat(folder).isEqualTo(home.resolve("new/dyad/aot")).isEqualTo(AotCache.folder(home.resolve("new")));
        for (Path one : List.of(folder, home.resolve("new/dyad"), home.resolve("new"))) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(one)))
                    .isEqualTo("rwx------");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dyad/aot rwxr-xr-x", "dyad/aot rwx-----x", "dyad rwxrwx---", ". rwxrwxrwx"})
    void a_cache_folder_in_which_others_may_do_something_is_refused(String folderAndMode) throws Exception {
        AotCache.folder(home);
        String[] words = folderAndMode.split(" ");
        Files.setPosixFilePermissions(home.resolve(words[0]), PosixFilePermissions.fromString(words[1]));

        assertThatThrownBy(() -> AotCache.folder(home)).hasMessageEndingWith(" is not a private folder of this user");
    }

    @Test
    void a_cache_folder_of_another_user_is_refused() throws Exception {
        Superuser.require();
        Path folder = AotCache.folder(home);
        Files.setAttribute(folder, "unix:uid", 65534);

        assertThatThrownBy(() -> AotCache.folder(home)).hasMessageEndingWith(" is not a private folder of this user");
    }

    @Test
    void a_cache_folder_that_is_a_link_is_refused() throws Exception {
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        Files.createSymbolicLink(home.resolve("dyad"), elsewhere);

        assertThatThrownBy(() -> AotCache.folder(home)).isInstanceOf(IOException.class);
    }

    @Test
    void a_cache_is_a_file_of_ours_with_something_in_it() throws Exception {
        Path file = Files.writeString(home.resolve("cache"), "");
        assertThat(AotCache.isUsable(file)).isFalse();
        Files.writeString(file, "x");
        assertThat(AotCache.isUsable(file)).isTrue();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        assertThat(AotCache.isUsable(file)).isFalse();
        assertThat(AotCache.isUsable(Files.createSymbolicLink(home.resolve("link"), file)))
                .isFalse();
        assertThat(AotCache.isUsable(home)).isFalse();
        assertThat(AotCache.isUsable(home.resolve("none"))).isFalse();
    }

    @Test
    void only_the_newest_caches_are_kept() throws Exception {
        for (int i = 0; i < AotCache.MOST + 2; i++) {
            Path cache = Files.writeString(home.resolve(i + AotCache.SUFFIX), "x");
            Files.setLastModifiedTime(cache, FileTime.fromMillis(1000L * i));
        }

        AotCache.deleteSurplus(home);

        try (Stream<Path> left = Files.list(home)) {
            assertThat(left).hasSize(AotCache.MOST);
        }
        assertThat(home.resolve("0.aot")).doesNotExist();
        assertThat(home.resolve("1.aot")).doesNotExist();
    }

    @Test
    void what_a_killed_trainer_left_is_deleted_after_a_while() throws Exception {
        Path old = AotCache.newFolder(home);
        Files.writeString(old.resolve("learned"), "x");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        Path young = AotCache.newFolder(home);

        assertThat(old).doesNotExist();
        assertThat(young).isDirectory();
    }

    @Test
    void a_failure_is_known_for_a_day_and_then_forgotten() throws Exception {
        Path file = AotCache.file(home, "key");
        Path mark = home.resolve("key.aot.failed");
        assertThat(AotCache.hasFailed(file)).isFalse();

        AotCache.noteFailure(file);
        AotCache.noteFailure(file);
        assertThat(AotCache.hasFailed(file)).isTrue();
        Path _ = AotCache.newFolder(home);
        assertThat(mark).isEmptyFile();

        for (int hours : List.of(25, -25)) {
            Files.setLastModifiedTime(mark, FileTime.from(Instant.now().minus(Duration.ofHours(hours))));
            assertThat(AotCache.hasFailed(file)).isFalse();
        }
        Path _ = AotCache.newFolder(home);
        assertThat(mark).doesNotExist();
    }

    @Test
    void a_failure_that_cannot_be_noted_is_no_failure() {
        Path file = AotCache.file(home.resolve("none"), "key");

        AotCache.noteFailure(file);

        assertThat(AotCache.hasFailed(file)).isFalse();
    }

    @Test
    void a_key_changes_with_the_options_and_the_order_of_the_jars() throws Exception {
        List<String> jars = List.of(jar("a"), jar("b"));
        String key = AotKey.of(OPTIONS, jars);

        assertThat(AotKey.of(OPTIONS, jars)).isEqualTo(key).matches("[0-9a-f]{64}");
        assertThat(AotKey.of(List.of("-Xmx2g", "-Down=1"), jars)).isNotEqualTo(key);
        assertThat(AotKey.of(List.of("-Xmx1g", "-Djava.io.tmpdir=/"), jars)).isNotEqualTo(key);
        assertThat(AotKey.of(OPTIONS, jars.reversed())).isNotEqualTo(key);
        assertThat(AotKey.of(OPTIONS, jars.subList(0, 1))).isNotEqualTo(key);
    }

    @Test
    void a_key_does_not_change_with_what_only_the_program_reads() throws Exception {
        List<String> jars = List.of(jar("a"));

        assertThat(AotKey.of(List.of("-Xmx1g", "-Down=2"), jars)).isEqualTo(AotKey.of(OPTIONS, jars));
    }

    @Test
    void a_key_changes_with_a_jar_that_keeps_its_name_its_size_and_its_time() throws Exception {
        String jar = jar("a");
        String key = AotKey.of(OPTIONS, List.of(jar));
        FileTime time = Files.getLastModifiedTime(Path.of(jar));

        Files.writeString(Path.of(jar), "b");
        Files.setLastModifiedTime(Path.of(jar), time);

        assertThat(AotKey.of(OPTIONS, List.of(jar))).isNotEqualTo(key);
    }

    @Test
    void a_jar_that_is_gone_has_no_key() {
        assertThatThrownBy(() -> AotKey.of(OPTIONS, List.of(home.resolve("none").toString())))
                .isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xlog:gc:file=/tmp/gc.log",
                "-agentlib:jdwp=transport=dt_socket",
                "-javaagent:a.jar",
                "-XX:AOTCache=mine",
                "-XX:StartFlightRecording",
                "--patch-module=a=b",
                "--limit-modules=java.base"
            })
    void what_a_second_jvm_must_not_have_is_never_rehearsed(String option) {
        assertThat(JvmOptions.areRehearsable(List.of("-Xmx1g", option))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xmx1g", "-Down=1", "-Dfile.encoding=UTF-8", "--enable-preview", "-XX:+UseZGC"})
    void what_a_child_gets_is_rehearsed(String option) {
        assertThat(JvmOptions.areRehearsable(List.of(option))).isTrue();
    }

    private String jar(String content) throws IOException {
        return Files.writeString(home.resolve(content + ".jar"), content).toString();
    }
}
