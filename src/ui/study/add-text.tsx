import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { noticeText } from '../../formats/outside-text.ts';
import { StudyProblem } from '../../study/problem.ts';
import styles from './plan-rail.module.css';

interface AddTextProps {
  /** The name of the field: "Another condition". */
  readonly label: string;
  /** An example. */
  readonly placeholder: string;
  /** Takes the text, without space around it. @throws StudyProblem, which the field shows */
  readonly add: (text: string) => void;
}

/** A part of the plan that is written as on the command line. */
export function AddText({ label, placeholder, add }: AddTextProps) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | undefined>(undefined);
  const submit = () => {
    if (text.trim() === '') return;
    try {
      add(text.trim());
      setText('');
      setProblem(undefined);
    } catch (error) {
      if (!(error instanceof StudyProblem)) throw error;
      setProblem(error.message);
    }
  };
  return (
    <form
      className={styles.add}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <TextInput
        size="xs"
        aria-label={label}
        placeholder={placeholder}
        value={text}
        error={problem && noticeText(problem)}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button size="xs" variant="default" type="submit" disabled={text.trim() === ''}>
        Add
      </Button>
    </form>
  );
}
