/** Says why a test failed when it fails: a run that is cut off by its limit would take the reasons with it. */
import type { Reporter, TestCase, TestModule } from 'vitest/node';

type Failure = { message: string; stack?: string };

function tell(name: string, errors: readonly Failure[] | undefined): void {
  for (const { message, stack } of errors ?? []) console.error(`\nFAILED ${name}\n${stack ?? message}\n`);
}

export default class FailuresAtOnce implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const { state, errors } = test.result();
    if (state === 'failed') tell(`${test.module.relativeModuleId} > ${test.fullName}`, errors);
  }

  onTestModuleEnd(module: TestModule): void {
    tell(module.relativeModuleId, module.errors());
  }
}
