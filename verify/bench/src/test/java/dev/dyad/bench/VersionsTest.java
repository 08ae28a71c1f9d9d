package dev.dyad.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class VersionsTest {

    private static final String TREE = BuiltTree.root().toString();

    @Test
    void a_run_says_of_which_commit_it_is() throws Exception {
        assumeTrue(Files.exists(BuiltTree.root().resolve(".git")), "this tree is no clone");
        String head = git("rev-parse", "HEAD");
        boolean isChanged = !git("status", "--porcelain").isEmpty();

        assertThat(Versions.current().get("Dyad"))
                .endsWith(", commit " + head.substring(0, 12) + (isChanged ? ", with changes" : ""));
    }

    private static String git(String command, String argument) throws Exception {
        return Programs.output(List.of("git", "-C", TREE, command, argument));
    }
}
