package dev.dyad.interop.scenario;

import dev.dyad.interop.scenario.Evaluation.Argument;
import java.util.List;
import java.util.Map;

/// Functions of PHP itself, as far as scenarios call them.
enum Builtin {
    STRLEN {
        @Override
        Object answer(List<Argument> arguments) {
            return (long) bytes(arguments, 0).length;
        }
    },
    STR_REPEAT {
        @Override
        Object answer(List<Argument> arguments) {
            byte[] piece = bytes(arguments, 0);
            int times = ((Long) arguments.get(1).value()).intValue();
            var repeated = new byte[piece.length * times];
            for (int i = 0; i < times; i++) {
                System.arraycopy(piece, 0, repeated, i * piece.length, piece.length);
            }
            return repeated;
        }
    };

    private static final Map<String, Builtin> BY_NAME = Map.of("strlen", STRLEN, "str_repeat", STR_REPEAT);

    /// Returns the function of that name, or `null`.
    static Builtin of(String name) {
        return BY_NAME.get(name);
    }

    abstract Object answer(List<Argument> arguments);

    private static byte[] bytes(List<Argument> arguments, int index) {
        return (byte[]) arguments.get(index).value();
    }
}
