package dev.dyad.interop.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.interop.scenario.Evaluation.Argument;
import dev.dyad.php.Pcntl;
import dev.dyad.php.Ref;
import dev.dyad.php.Socket;
import dev.dyad.php.Sockets;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// The functions of [Sockets] and [Pcntl], found by name and arguments as the compiler would, and called with PHP's
/// values.
final class Functions {

    /// Those whose `-1` stands for false.
    private static final Set<String> COUNTS = Set.of(
            "socket_write",
            "socket_send",
            "socket_sendto",
            "socket_sendmsg",
            "socket_recv",
            "socket_recvfrom",
            "socket_recvmsg",
            "socket_select");

    private static final List<Class<?>> TYPES = List.of(Sockets.class, Pcntl.class);

    private static final Map<String, List<Method>> METHODS = TYPES.stream()
            .flatMap(type -> Arrays.stream(type.getMethods()))
            .sorted(Comparator.comparing(method -> !takesBytes(method))) // a PHP string is bytes
            .collect(Collectors.groupingBy(Method::getName));

    private final Map<String, Object> variables;

    /// @param variables which arguments by reference are read from and written to
    Functions(Map<String, Object> variables) {
        this.variables = variables;
    }

    /// Calls a function.
    ///
    /// @throws DoesNotCompile if there is none with such parameters
    /// @throws Exception what the function threw
    Object call(String name, List<Argument> arguments) throws Exception {
        List<Argument> given = arguments;
        while (true) {
            for (Method method : METHODS.getOrDefault(name, List.of())) {
                var call = new Call(method);
                if (call.accepts(given)) {
                    return call.make();
                }
            }
            if (given.isEmpty() || given.getLast().value() != null) {
                throw new DoesNotCompile(name
                        + arguments.stream()
                                .map(argument -> typeName(argument.value()))
                                .collect(Collectors.joining(", ", "(", ")")));
            }
            given = given.subList(0, given.size() - 1); // what PHP takes null for is left out in Java
        }
    }

    static Object constant(String name) {
        for (Class<?> type : TYPES) {
            try {
                Field field = type.getField(name);
                field.setAccessible(true); // it may come from an interface that is not public
                return toPhp(field.get(null));
            } catch (ReflectiveOperationException e) {
                // it may be the other's
            }
        }
        throw new DoesNotCompile(name);
    }

    /// What Java's compiler says of what PHP finds out while it runs.
    static final class DoesNotCompile extends RuntimeException {

        private static final long serialVersionUID = 1L;

        DoesNotCompile(String what) {
            super("does not compile: " + what);
        }
    }

    private static boolean takesBytes(Method method) {
        return List.of(method.getParameterTypes()).contains(byte[].class);
    }

    private static String typeName(Object value) {
        return switch (value) {
            case null -> "null";
            case Long number -> number == number.intValue() ? "int" : "long";
            case Double number -> "double";
            case Boolean truth -> "boolean";
            case byte[] bytes -> "byte[]";
            case Map<?, ?> array -> "array";
            default -> value.getClass().getSimpleName();
        };
    }

    /// A call of one method, whose arguments are made from PHP's.
    private final class Call {

        private static final Object UNFIT = new Object();

        private final Method method;
        private final List<Object> actual = new ArrayList<>();
        private final List<Runnable> afterwards = new ArrayList<>();
        private final Map<String, Map<Object, Object>> arrays = new LinkedHashMap<>();

        Call(Method method) {
            this.method = method;
        }

        boolean accepts(List<Argument> arguments) {
            if (method.getParameterCount() != arguments.size() || method.isVarArgs()) {
                return false;
            }
            for (int i = 0; i < arguments.size(); i++) {
                Object converted = convert(
                        arguments.get(i),
                        method.getParameterTypes()[i],
                        method.getGenericParameterTypes()[i].getTypeName());
                if (converted == UNFIT) {
                    return false;
                }
                actual.add(converted);
            }
            return true;
        }

        Object make() throws Exception {
            try {
                Object result = method.invoke(null, actual.toArray());
                boolean failed = result instanceof Integer number && number == -1 && COUNTS.contains(method.getName());
                return failed ? (Object) false : falseForNull(result);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof Exception cause) {
                    throw cause;
                }
                throw new AssertionError(e.getCause());
            } finally {
                afterwards.forEach(Runnable::run);
            }
        }

        private Object falseForNull(Object result) {
            return result == null && method.getReturnType() != void.class ? (Object) false : toPhp(result);
        }

        private Object convert(Argument argument, Class<?> type, String generic) {
            Object value = argument.value();
            if (type == Socket[].class) {
                return pair(argument);
            }
            if (type == Ref.class) {
                return argument.variable() == null ? UNFIT : reference(argument, generic);
            }
            if (type == Collection.class) {
                return value == null ? null : value instanceof Map<?, ?> ? collection(argument) : UNFIT;
            }
            if (type == Map.class) {
                return value == null ? null : value instanceof Map<?, ?> map ? message(argument, map) : UNFIT;
            }
            if (type == int.class || type == Integer.class) {
                return value == null && type == Integer.class ? null : integer(value);
            }
            if (type == String.class) {
                return value instanceof byte[] bytes ? new String(bytes, UTF_8) : value == null ? null : UNFIT;
            }
            if (type == Object.class) {
                return toJava(value);
            }
            return value == null || type.isInstance(value) ? value : UNFIT;
        }

        private static Object integer(Object value) {
            return value instanceof Long number && number.intValue() == number ? number.intValue() : UNFIT;
        }

        /// PHP makes a new array; ours is one that the caller made.
        private Object pair(Argument argument) {
            var pair = new Socket[2];
            afterwards.add(() -> {
                if (pair[0] != null) {
                    var array = new LinkedHashMap<>();
                    array.put(0L, pair[0]);
                    array.put(1L, pair[1]);
                    variables.put(argument.variable(), array);
                }
            });
            return argument.variable() == null ? UNFIT : pair;
        }

        private Object reference(Argument argument, String generic) {
            Object before = fitting(argument.value(), generic);
            var reference = new Ref<Object>(before);
            afterwards.add(() -> {
                if (!Objects.equals(reference.value, before)) {
                    variables.put(argument.variable(), toPhp(reference.value));
                }
            });
            return reference;
        }

        /// What a variable of that type can hold before; any other value is as good as none.
        private static Object fitting(Object value, String generic) {
            if (generic.contains("byte[]")) {
                return value instanceof byte[] ? value : null;
            }
            if (generic.contains("Integer")) {
                return value instanceof Long number ? number.intValue() : null;
            }
            return value instanceof byte[] bytes ? new String(bytes, UTF_8) : null;
        }

        /// The same variable twice is the same collection twice.
        private Object collection(Argument argument) {
            Map<Object, Object> array = arrays.computeIfAbsent(
                    String.valueOf(argument.variable()), any -> new LinkedHashMap<>((Map<?, ?>) argument.value()));
            afterwards.add(() -> variables.put(argument.variable(), array));
            return array.values();
        }

        private Object message(Argument argument, Map<?, ?> array) {
            var message = new LinkedHashMap<>();
            array.forEach((key, value) -> message.put(key.toString(), toJava(value)));
            if (argument.variable() != null) {
                afterwards.add(() -> variables.put(argument.variable(), toPhp(message)));
            }
            return message;
        }
    }

    /// Returns a value as a program in Java would have written it: a list for PHP's list, a map for its other arrays.
    private static Object toJava(Object value) {
        return switch (value) {
            case Long number when number == number.intValue() -> number.intValue();
            case Map<?, ?> array
            when isList(array) ->
                array.values().stream().map(Functions::toJava).collect(Collectors.toCollection(ArrayList::new));
            case Map<?, ?> array -> {
                var map = new LinkedHashMap<>();
                array.forEach((key, element) -> map.put(key, toJava(element)));
                yield map;
            }
            case byte[] bytes -> text(bytes);
            case null, default -> value;
        };
    }

    /// Returns bytes as the text that a program in Java would have written, where they are one.
    private static Object text(byte[] bytes) {
        var text = new String(bytes, UTF_8);
        return Arrays.equals(text.getBytes(UTF_8), bytes) ? text : bytes;
    }

    private static boolean isList(Map<?, ?> array) {
        long next = 0;
        for (Object key : array.keySet()) {
            if (!key.equals(next++)) {
                return false;
            }
        }
        return true;
    }

    private static Object toPhp(Object value) {
        return switch (value) {
            case Integer number -> (long) number;
            case String text -> Values.bytes(text);
            case List<?> list -> {
                var array = new LinkedHashMap<>();
                list.forEach(element -> array.put((long) array.size(), toPhp(element)));
                yield array;
            }
            case Map<?, ?> map -> {
                var array = new LinkedHashMap<>();
                map.forEach((key, element) -> array.put(key, toPhp(element)));
                yield array;
            }
            case null, default -> value;
        };
    }
}
