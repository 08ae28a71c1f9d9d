package dev.dyad.process.java;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JvmOptionsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xmx100m",
                "-Xms1g",
                "-Xss512k",
                "-XX:MaxRAMPercentage=12.5",
                "-XX:MaxMetaspaceSize=64m",
                "-XX:MaxDirectMemorySize=1m",
                "-XX:+UseSerialGC",
                "-ea",
                "-ea:com.example...",
                "--enable-preview",
                "--add-modules=java.sql",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-reads=a=b",
                "--patch-module=a=b",
                "--enable-native-access=ALL-UNNAMED",
                "-Ddyad.platform=none",
                "-Dcom.example.key=-Xlog",
                "-Dflag",
                "-Djava.io.tmpdir=/tmp",
                "-Duser.language=de"
            })
    void what_a_program_needs_travels(String option) {
        assertThat(JvmOptions.inherited(List.of(option))).containsExactly(option);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n",
                "-agentpath:/lib/agent.so",
                "-javaagent:agent.jar",
                "-Xrunjdwp:transport=dt_socket",
                "-Xdebug",
                "-Dcom.sun.management.jmxremote.port=9999",
                "-Dcom.sun.management.jmxremote",
                "-Dcom.sun.management.config.file=jmx.properties",
                "-XX:+ManagementServer",
                "-XX:StartFlightRecording=filename=a.jfr",
                "-XX:StartFlightRecording",
                "-XX:FlightRecorderOptions=repository=/tmp",
                "-Xlog:gc:file=gc.log",
                "-Xlog:gc",
                "-Xloggc:gc.log",
                "-verbose:gc",
                "-XX:+LogVMOutput",
                "-XX:LogFile=vm.log",
                "-XX:ErrorFile=err.log",
                "-XX:+HeapDumpOnOutOfMemoryError",
                "-XX:HeapDumpPath=/tmp",
                "-XX:OnOutOfMemoryError=kill",
                "-XX:Flags=flags",
                "-XX:VMOptionsFile=options",
                "-XX:AOTCacheOutput=app.aot",
                "-Djava.util.logging.config.file=log.properties",
                "-Dfile.encoding=ISO-8859-1",
                "-Dstdout.encoding=US-ASCII",
                "-Djdk.module.main=some.module",
                "-Djava.class.path=x",
                "--some-option-that-nobody-knows-yet"
            })
    void what_belongs_to_one_process_stays(String option) {
        assertThat(JvmOptions.inherited(List.of(option))).isEmpty();
    }
}
