package dev.dyad.socket.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.ClosedSelectorException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RegistrationSlabTest {

    private final RegistrationSlab<Object> slots = new RegistrationSlab<>();

    @Test
    void an_old_key_is_not_the_one_who_has_its_slot_now() {
        Object old = registration();
        long oldKey = slots.add(old);
        assertThat(slots.at(oldKey)).isSameAs(old);
        slots.remove(oldKey);
        assertThat(slots.at(oldKey)).isNull();

        Object young = registration();
        long youngKey = slots.add(young);
        assertThat((int) youngKey).as("the slot").isEqualTo((int) oldKey);
        assertThat(slots.at(youngKey)).isSameAs(young);
        assertThat(slots.at(oldKey)).isNull();
        assertThat(slots.all()).containsExactly(young);
    }

    @Test
    void it_refuses_everybody_once_it_is_closed() {
        Object here = registration();
        long key = slots.add(here);

        assertThat(slots.close()).isTrue();
        assertThat(slots.close()).isFalse();

        assertThatThrownBy(() -> slots.add(registration())).isInstanceOf(ClosedSelectorException.class);
        assertThat(slots.all()).containsExactly(here);
        slots.remove(key);
        assertThat(slots.all()).isEmpty();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("dev.dyad.harness.Seeds#fresh")
    void it_keeps_what_a_map_would_keep_in_no_more_slots_than_that_takes(long seed) {
        var random = new Random(seed);
        Map<Long, Object> expected = new HashMap<>();
        Set<Long> everyKey = new HashSet<>();
        int most = 0;
        for (int i = 0; i < 2_000; i++) {
            if (random.nextInt(5) < 3 || expected.isEmpty()) {
                Object added = registration();
                long key = slots.add(added);
                assertThat(key).isNotNegative();
                assertThat(everyKey.add(key)).as("a new key").isTrue();
                expected.put(key, added);
            } else {
                long key = List.copyOf(expected.keySet()).get(random.nextInt(expected.size()));
                slots.remove(key);
                expected.remove(key);
            }
            most = Math.max(most, expected.size());
        }
        for (long key : everyKey) {
            assertThat(slots.at(key)).isSameAs(expected.get(key));
            assertThat((int) key).isLessThan(most);
        }
        assertThat(slots.all()).hasSameElementsAs(expected.values()).hasSize(expected.size());
    }

    private static Object registration() {
        return new Object();
    }
}
