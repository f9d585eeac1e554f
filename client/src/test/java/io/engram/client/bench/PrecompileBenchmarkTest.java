package io.engram.client.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.engram.evm.precompile.Precompiles;
import io.engram.genesis.Hash;
import io.engram.genesis.fork.Fork;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PrecompileBenchmarkTest {

    @Test
    void every_contract_is_measured_and_gives_what_it_must() throws PrecompileBenchmark.WrongOutputException {
        List<PrecompileInput> inputs = PrecompileInputs.all();
        List<PrecompileBenchmark.Figure> figures = new PrecompileBenchmark().measure(inputs, 0, 1);

        assertThat(figures)
                .hasSameSizeAs(inputs)
                .allSatisfy(figure -> assertThat(figure.nanos()).isPositive());
        Set<Integer> measured = inputs.stream().map(PrecompileInput::address).collect(Collectors.toSet());
        assertThat(measured).hasSameSizeAs(Precompiles.at(Fork.OSAKA).keySet());
    }

    @Test
    void a_wrong_output_is_no_figure() {
        PrecompileInput input = new PrecompileInput("identity", "a byte", 4, new byte[1], Hash.ZERO);

        assertThatThrownBy(() -> new PrecompileBenchmark().measure(List.of(input), 0, 1))
                .isInstanceOf(PrecompileBenchmark.WrongOutputException.class)
                .hasMessageContaining("identity, a byte");
    }
}
