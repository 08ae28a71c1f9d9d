package dev.dyad.interop;

import static dev.dyad.interop.Launcher.dyad;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.harness.FirstInShortRuns;
import dev.dyad.harness.NotInShortRuns;
import dev.dyad.harness.Sampled;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Sampled
@Timeout(120)
class DemoTest {

    private static final String SAME_PROCESS = """

            # 實例一:同進程的通訊
              (Example 1: within one process.)
            string(10) "ABCdef123
            "

            # socket_create_pair創建的套接字可以進行雙工通信,可以把$sockets[0]和$sockets[1]位置對調 運行程序也是一樣的結果
              (The pair is full-duplex: with $sockets[0] and $sockets[1] exchanged the program does the same.)
            string(10) "ABCdef123
            "

            # 實例二:不同進程直接的通訊(以下實例不能在window運行)
            """;

    private static final String PARENT = "父進程收到子進程信息: 我是子進程";
    private static final String CHILD = "子進程收到父進程信息: 我是父級進程";

    private static Launcher.Run demo; // which nothing but the machine decides

    @BeforeAll
    @Timeout(300)
    static void the_launcher_is_built_and_shows_the_page() throws Exception {
        assertThat(dyad("--version").run().code()).isZero();
        demo = dyad("demo").run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "C", "zh_TW.UTF-8"})
    @FirstInShortRuns
    void the_page_is_shown_sentence_by_sentence_in_every_locale(String locale) throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of(
                "PATH", System.getenv("PATH"),
                "JAVA_HOME", System.getProperty("java.home")));
        if (!locale.isEmpty()) {
            environment.put("LANG", locale);
        }

        Launcher.Run run = dyad("demo").only(environment).run();

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.text()).contains(SAME_PROCESS);
        assertThat(run.text()).containsPattern("# 反之亦然\\R  \\(And the other way round\\.\\)");
        assertThat(run.text().lines().filter(line -> line.startsWith("# ")).map(line -> line.substring(2)))
                .containsExactly(
                        "創建一對無名的套接字,并將它們存儲在一個數組中",
                        "這對套接字可以進行雙工通信,每一個描述符既可以讀也可以寫",
                        "這個在同一個進程中也可以進行通信",
                        "向s[0]中寫入,就可以從s[1]中讀取(只能從s[1]中讀取)",
                        "也可以在s[1]中寫入,然后從s[0]中讀取",
                        "但是,若沒有在0端寫入,而從1端讀取,則1端的讀取操作會阻塞",
                        "即使在1端寫入,也不能從1讀取,仍然阻塞",
                        "反之亦然",
                        "bool socket_create_pair ( int $domain , int $type , int $protocol , array &$fd )",
                        "domain 為創建的套接字指定協議; type, protocol 套接字使用的類型; fd 包含兩個套接字資源的引用數組",
                        "返回值: 成功 true, 失敗 false",
                        "返回失敗,錯誤代碼會傳入 socket_last_error() ,如果將此參數傳入 socket_strerror() 則可以得到錯誤的文字說明",
                        "實例一:同進程的通訊",
                        "socket_create_pair創建的套接字可以進行雙工通信,可以把$sockets[0]和$sockets[1]位置對調 運行程序也是一樣的結果",
                        "實例二:不同進程直接的通訊(以下實例不能在window運行)",
                        "注: 1、需要開啟sockets和 pcntl 擴展",
                        "A child in another language, which says back what it hears:"
                                + " its end is descriptor 3, stdin and stdout are free");
    }

    @Test
    void the_claims_about_blocking_are_seen() {
        assertThat(below(demo, "但是,若沒有在0端寫入"))
                .containsExactly("a read at s[1] has nothing: it was still waiting after 100 ms");
        assertThat(below(demo, "即使在1端寫入"))
                .containsExactly(
                        "wrote \"from 1\" at s[1]",
                        "a read at s[1] has nothing: it was still waiting after 100 ms",
                        "read \"from 1\" at s[0]");
    }

    @Test
    void parent_and_child_process_hear_each_other() {
        assertThat(below(demo, "實例二")).containsExactlyInAnyOrder(PARENT, CHILD);
    }

    @Test
    void every_language_that_is_here_is_heard_and_the_others_are_named() {
        Map<String, String> programs = Map.of(
                "Python", "python3", "PHP", "php", "Node", "node", "Ruby", "ruby", "Perl", "perl", "C", "cc", "Go",
                "go", "sh", "sh");
        if ("true".equals(System.getenv("CI"))) {
            programs.values().forEach(Interpreters::require);
        }
        List<String> seen = below(demo, "A child in another language");

        String missing = seen.getLast();
        assertThat(missing).startsWith("not on this machine: ");
        assertThat(seen).contains("Java without Dyad, on descriptor 0: 我是父級進程");
        programs.forEach((language, program) -> {
            if (Interpreters.has(program)) {
                assertThat(seen).contains(language + ": 我是父級進程");
            } else {
                assertThat(missing).contains(language);
            }
        });
    }

    @Test
    @NotInShortRuns(value = "every_language_that_is_here_is_heard_and_the_others_are_named", inCi = 0.2)
    void a_program_that_may_not_be_run_is_not_there(@TempDir Path folder) throws Exception {
        Files.createFile(folder.resolve("ruby")); // which nobody may execute

        Launcher.Run run = dyad("demo")
                .with("PATH", folder.toString())
                .with("JAVA_HOME", System.getProperty("java.home"))
                .run();

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.text()).contains("not on this machine: Python, PHP, Node, Ruby");
    }

    @Test
    @NotInShortRuns(value = "every_language_that_is_here_is_heard_and_the_others_are_named", inCi = 0.2)
    void a_folder_may_be_called_as_one_likes_whatever_the_locale(@TempDir Path folder) throws Exception {
        Path children = Files.createDirectories(folder.resolve("zwölf 我/children"));
        try (Stream<Path> sources = Files.list(PhpRuns.ROOT.resolve("children"))) {
            for (Path source : sources.toList()) {
                Files.copy(source, children.resolve(source.getFileName()));
            }
        }

        Launcher.Run run = dyad("-Ddyad.home=" + children.getParent(), "demo")
                .with("LC_ALL", "C")
                .run();

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
    }

    @Test
    void without_native_access_what_needs_none_is_shown() throws Exception {
        Launcher.Run run = dyad("-Ddyad.platform=none", "demo").run();

        assertThat(run.code()).isZero();
        assertThat(run.text()).contains(SAME_PROCESS);
        assertThat(below(run, "實例二")).containsExactly("not here either: -Ddyad.platform=none");
        assertThat(below(run, "A child in another language")).containsExactly("not here: -Ddyad.platform=none");
    }

    /// What stands below a sentence of the page, up to the next one.
    private static List<String> below(Launcher.Run run, String sentence) {
        List<String> lines = new ArrayList<>(run.text().lines().toList());
        int first = 0;
        while (!lines.get(first).startsWith("# " + sentence)) {
            first++;
        }
        return lines.subList(first + 1, lines.size()).stream()
                .takeWhile(line -> !line.startsWith("# "))
                .filter(line -> !line.isEmpty() && !line.startsWith("  ("))
                .toList();
    }
}
