package dev.dyad.php.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Children whose pids the kernel has used again.
class ChildrenByPidTest {

    private final ChildrenByPid<String> children = new ChildrenByPid<>();

    @Test
    void a_child_with_the_pid_of_one_that_nobody_has_waited_for_takes_nothing_from_it() {
        children.add(7, "earlier");
        children.add(7, "later");
        children.add(8, "another");

        assertThat(children.of(7)).containsExactly("earlier", "later");
        assertThat(children.all()).containsExactlyInAnyOrder("earlier", "later", "another");
    }

    @Test
    void each_child_is_removed_once_and_leaves_the_others_with_its_pid() {
        children.add(7, "earlier");
        children.add(7, "later");

        assertThat(children.remove(7, "earlier")).isTrue();
        assertThat(children.remove(7, "earlier")).isFalse();
        assertThat(children.of(7)).containsExactly("later");
        assertThat(children.remove(7, "later")).isTrue();
        assertThat(children.of(7)).isEmpty();
        assertThat(children.all()).isEmpty();
    }
}
