package io.engram.client.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.inference.engine.Backend;
import io.engram.inference.engine.reference.ReferenceBackend;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class InferenceFaultOptionTest {

    private static final Map<String, String> CONSENT = Map.of(InferenceFaultOption.CONSENT, "1");

    @Command
    private static final class Host {
        @Mixin
        private final InferenceFaultOption fault = new InferenceFaultOption();
    }

    private final Backend reference = new ReferenceBackend();

    private static InferenceFaultOption option(String... arguments) {
        Host host = new Host();
        CommandLine.ParseResult parsed = new CommandLine(host).parseArgs(arguments);
        assertThat(parsed.unmatched()).isEmpty();
        return host.fault;
    }

    @Test
    void withoutTheOptionNothingChanges() throws CommandFailedException {
        assertThat(option().appliedTo(reference, CONSENT)).isSameAs(reference);
    }

    @Test
    void theOptionAloneIsRefused() {
        InferenceFaultOption option = option("--Xinference-fault=0:3");
        assertThatThrownBy(() -> option.appliedTo(reference, Map.of()))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining(InferenceFaultOption.CONSENT);
    }

    @Test
    void aMalformedFaultIsRefused() {
        for (String malformed : new String[] {"", "1", "1:", ":1", "-1:1", "1:1:forever", "9999999:1"}) {
            InferenceFaultOption option = option("--Xinference-fault=" + malformed);
            assertThatThrownBy(() -> option.appliedTo(reference, CONSENT))
                    .as(malformed)
                    .isInstanceOf(CommandFailedException.class);
        }
    }

    @Test
    void aFaultEndsWhenItIsFoundUnlessItLasts() throws CommandFailedException {
        Backend passing = option("--Xinference-fault=0:3").appliedTo(reference, CONSENT);
        assertThat(passing.name()).isEqualTo("faulty reference");
        assertThat(passing.distrust("found")).isTrue();
        assertThat(passing.name()).isEqualTo("reference");
        Backend lasting = option("--Xinference-fault=0:3:lasting").appliedTo(reference, CONSENT);
        assertThat(lasting.distrust("found")).isFalse();
        assertThat(lasting.name()).isEqualTo("faulty reference");
    }

    @Test
    void theOptionIsNotInTheHelp() {
        assertThat(new CommandLine(new Host()).getUsageMessage()).doesNotContain("Xinference");
    }
}
