import { Button } from '@mantine/core';
import styles from './inspect-screen.module.css';
import { refuseExample, takeModel } from './model-drop.tsx';

/** Networks of the preset Small, trained on drawn faces by the commands in docs/exchange.md; files in public/examples/. */
const EXAMPLES = [
  { file: 'standard.onnx', label: 'Standard', line: 'seed 1, 13 of 32 filters inactive' },
  { file: 'craft.onnx', label: 'CRAFT', line: 'seed 1, 2 of 32 inactive' },
  {
    file: 'standard-seed-2.onnx',
    label: 'Standard, another seed',
    line: 'seed 2, batch norm folded in: 17 of 32 inactive, 15 removable',
  },
] as const;

/** Three small networks to look at where no model is at hand. */
export function ExampleModels() {
  return (
    <div className={styles.examples}>
      <p>Or try one that was trained here on drawn faces:</p>
      {EXAMPLES.map(({ file, label, line }) => (
        <div key={file}>
          <Button variant="default" data-testid="example-model" onClick={() => void open(file)}>
            {label}
          </Button>
          <span>{line}</span>
        </div>
      ))}
    </div>
  );
}

async function open(name: string): Promise<void> {
  try {
    const response = await fetch(`./examples/${name}`);
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    takeModel([{ path: name, file: new File([await response.blob()], name) }]);
  } catch (error) {
    refuseExample(name, error);
  }
}
