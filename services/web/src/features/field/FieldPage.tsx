import { useRoute } from '../../app/router.ts';
import { useSending } from '../../offline/use-outbox.ts';
import '../../offline/offline.css';
import { DayPage } from './DayPage.tsx';
import './field.css';
import { NoticePage } from './NoticePage.tsx';
import { PlacePage } from './places/PlacePage.tsx';
import { PlacesPage } from './places/PlacesPage.tsx';
import { SheetPage } from './SheetPage.tsx';
import { VisitPage } from './VisitPage.tsx';

/** For those who go there: /field, /field/MERCHANT, /field/MERCHANT/visit, /field/MERCHANT/notice/TASK, /field/MERCHANT/place; /field/_places. */
export function FieldPage() {
  const { segments } = useRoute();
  useSending();
  const [, code, what, taskId] = segments;
  if (code === undefined) return <DayPage />;
  if (code === '_places') return <PlacesPage />;
  if (what === 'place') return <PlacePage key={code} code={code} />;
  if (what === 'visit') return <VisitPage key={code} code={code} />;
  if (what === 'notice' && taskId !== undefined)
    return <NoticePage key={taskId} code={code} taskId={taskId} />;
  return <SheetPage key={code} code={code} />;
}
